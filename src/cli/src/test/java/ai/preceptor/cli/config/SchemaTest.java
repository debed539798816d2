package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaTest {
    record NoAnnotation(int size) {}

    record NoDefault(@Key(help = "size") int size) {}

    record UnreadableType(
            @Key(help = "size", defaultValue = "1") float size) {}

    record BadRange(
            @Key(help = "size", defaultValue = "1", range = "0..1")
            int size) {}

    record Inner(@Key(help = "size", defaultValue = "1") int size) {}

    record UnusedDefault(
            @Group(title = "Inner", defaults = "sise=2") Inner inner) {}

    record Middle(
            @Group(title = "Inner", defaults = "size=2") Inner inner) {}

    record Outer(
            @Group(title = "Middle", defaults = "size=3") Middle middle) {}

    enum Kind {
        SMALL,
        LARGE
    }

    record Depending(
            @Key(help = "kind", defaultValue = "small") Kind kind,

            @Group(title = "Inner", defaults = "size=2", defaultsIf = "size=9 if kind=large")
            Inner inner) {}

    record UnusedCondition(
            @Group(title = "Inner", defaultsIf = "sise=9 if kind=large")
            Inner inner) {}

    @Test
    void of_mistakeInARecord_isRefusedByName() {
        assertThatThrownBy(() -> Schema.of(NoAnnotation.class)).hasMessageContaining("size has neither @Key");
        assertThatThrownBy(() -> Schema.of(NoDefault.class)).hasMessageContaining("size has no default");
        assertThatThrownBy(() -> Schema.of(UnreadableType.class)).hasMessageContaining("type float");
        assertThatThrownBy(() -> Schema.of(BadRange.class)).hasMessageContaining("range \"0..1\"");
        assertThatThrownBy(() -> Schema.of(UnusedDefault.class)).hasMessageContaining("Inner has no key [sise]");
        assertThatThrownBy(() -> Schema.of(UnusedCondition.class)).hasMessageContaining("Inner has no key [sise]");
    }

    @Test
    void of_defaultsGivenFurtherOut_win() {
        assertThat(Settings.of(Inner.class).read().size()).isEqualTo(1);
        assertThat(Settings.of(Middle.class).read().inner().size()).isEqualTo(2);
        assertThat(Settings.of(Outer.class).read().middle().inner().size()).isEqualTo(3);
    }

    /** It gives way to what is written, and help shows both. */
    @Test
    void of_defaultThatDependsOnAKey_holdsWhereThatHasTheValue() {
        assertThat(size()).isEqualTo(2);
        assertThat(size("kind=small")).isEqualTo(2);
        assertThat(size("kind=large")).isEqualTo(9);
        assertThat(size("kind=large", "size=4")).isEqualTo(4);
        assertThat(KeyRow.of(Depending.class).get(1).defaultValue()).isEqualTo("2 (kind=large: 9)");
    }

    private static int size(String... arguments) {
        return Settings.of(Depending.class)
                .arguments(List.of(arguments))
                .read()
                .inner()
                .size();
    }
}
