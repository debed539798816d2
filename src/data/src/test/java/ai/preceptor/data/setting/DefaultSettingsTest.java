package ai.preceptor.data.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.data.Problem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DefaultSettingsTest {
    enum Shape {
        FLAT,
        RISING_SLOWLY
    }

    record Inner(
            @Key(help = "rate", defaultValue = "1e-3", range = "(0, 1)")
            double rate) {}

    record Sample(
            @Key(help = "rows", defaultValue = "8", range = "[1, inf)")
            int rows,

            @Key(help = "most", range = "[1, inf)") @Nullable
            Integer most,

            @Key(help = "shape", defaultValue = "rising_slowly")
            Shape shape,

            @Key(help = "weights", defaultValue = "[1, 0.5]", range = "[0, 1]")
            List<Double> weights,

            @Key(help = "whether", defaultValue = "true") boolean whether,
            @Group(title = "Inner") Inner inner,

            @Section(help = "nested") @Nullable Inner nested) {
        Sample {
            Refusals refusals = Refusals.of(Sample.class, rows, most, shape, weights, whether, inner, nested);
            if (most != null && !refusals.concern("rows") && rows > most) {
                refusals.refuse("rows", "expected at most most " + most + ", found " + rows);
            }
            refusals.throwIfAny();
        }
    }

    record Required(@Key(help = "rows", required = true) int rows) {}

    record Forgetful(
            @Key(help = "rows", defaultValue = "1", range = "[1, inf)")
            int rows,

            @Key(help = "most", defaultValue = "1", range = "[1, inf)")
            int most) {
        Forgetful {
            Refusals.of(Forgetful.class, rows).throwIfAny();
        }
    }

    @Test
    void make_everyKind_readsTheAnnotations() {
        Sample sample = new DefaultSettings<>(Sample.class).make();
        assertThat(sample)
                .isEqualTo(new Sample(8, null, Shape.RISING_SLOWLY, List.of(1.0, 0.5), true, new Inner(1e-3), null));
    }

    @Test
    void make_requiredKey_isAMistake() {
        assertThatThrownBy(() -> new DefaultSettings<>(Required.class).make()).hasMessageContaining("rows is required");
    }

    @Test
    void changed_otherValuesThanTheDefaults_byTheirNames() {
        Sample sample = new DefaultSettings<>(Sample.class).make();
        assertThat(DefaultSettings.changed(sample)).isEmpty();
        Sample other = new Sample(8, 9, Shape.FLAT, List.of(1.0, 0.5), true, new Inner(0.5), null);
        assertThat(DefaultSettings.changed(other))
                .containsExactly(Map.entry("most", 9), Map.entry("shape", Shape.FLAT), Map.entry("rate", 0.5));
    }

    @Test
    void keys_areThoseOfGroupsToo() {
        assertThat(DefaultSettings.keys(Sample.class))
                .containsExactly("rows", "most", "shape", "weights", "whether", "rate", "nested");
    }

    @Test
    void of_severalWrongValues_areToldTogetherAndOnce() {
        RefusedSettingsException refused = catchThrowableOfType(
                RefusedSettingsException.class,
                () -> new Sample(0, 0, Shape.FLAT, List.of(2.0, Double.NaN), true, new Inner(1), null));
        assertThat(refused)
                .hasMessage(
                        "rows: expected an integer in [1, inf), found 0; most: expected an integer in [1, inf), found 0;"
                                + " weights: expected a number in [0, 1], found 2.0");
        assertThat(refused.problems()).extracting(Problem::key).containsExactly("rows", "most", "weights");
        assertThatThrownBy(() -> new Sample(5, 4, Shape.FLAT, List.of(), true, new Inner(1), null))
                .hasMessage("rows: expected at most most 4, found 5");
    }

    record Outer(
            @Key(help = "how many") int count,
            @Group(title = "Inner") Inner inner) {}

    @Test
    void joining_recordsThatCheckNothing_namesWhatIsWrongInTheirGroupsToo() {
        Refusals refusals = Refusals.joining(new Outer(-1, new Inner(1)), new Inner(0.5), new Inner(2));
        refusals.refuse("rate", "is told already");
        refusals.refuse("count", "expected 0 or more, found -1");
        assertThatThrownBy(refusals::throwIfAny)
                .hasMessageStartingWith("rate: expected a number in (0, 1), found 1.0; ")
                .hasMessageEndingWith("; count: expected 0 or more, found -1");
    }

    @Test
    void of_forgottenComponent_isAMistake() {
        assertThatThrownBy(() -> new Forgetful(1, 0)).hasMessageContaining("Forgetful has 2 components, but its");
    }
}
