package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.data.setting.Section;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record below the command line refuses its values itself; what it says is told as anything else is. */
class ConstructorChecksTest {
    record Steps(
            @Key(help = "steps", defaultValue = "4", range = "[1, inf)")
            int steps,

            @Key(help = "steps of warm-up", defaultValue = "0", range = "[0, inf)")
            int warmup) {
        Steps {
            Refusals refusals = Refusals.of(Steps.class, steps, warmup);
            if (!refusals.concern("steps") && warmup > steps) {
                refusals.refuse("warmup", "expected at most steps " + steps + ", found " + warmup);
            }
            refusals.throwIfAny();
        }
    }

    record Outer(
            @Group(title = "Steps") Steps steps,

            @Key(help = "rows", defaultValue = "4", range = "[1, inf)")
            int rows,

            @Section(help = "another") Steps other)
            implements Checked {
        @Override
        public void check(Checks checks) {
            if (steps.steps() % 2 != 0) {
                checks.refuse("steps", "expected an even number, found " + steps.steps());
            }
            if (rows > 10) {
                checks.refuse("rows", "expected at most 10, found " + rows);
            }
        }
    }

    @Test
    void read_refusalsOfSeveralRecords_areToldTogether() {
        assertThat(problems("warmup=5", "rows=11", "other.steps=1", "other.warmup=2"))
                .containsExactlyInAnyOrder(
                        "command line: warmup: expected at most steps 4, found 5",
                        "command line: other.warmup: expected at most steps 1, found 2",
                        "command line: rows: expected at most 10, found 11");
    }

    /** A value that was refused is neither told again by the record nor by one that holds it. */
    @Test
    void read_refusedValue_isToldOnce() {
        assertThat(problems("steps=0", "warmup=3", "rows=11"))
                .containsExactlyInAnyOrder(
                        "command line: steps: expected an integer in [1, inf), found 0",
                        "command line: rows: expected at most 10, found 11");
        assertThat(problems("steps=3", "warmup=5"))
                .containsExactly("command line: warmup: expected at most steps 3, found 5");
    }

    @Test
    void read_legalValues_arrive() {
        assertThat(Settings.of(Outer.class)
                        .arguments(List.of("steps=6", "warmup=5"))
                        .read())
                .isEqualTo(new Outer(new Steps(6, 5), 4, new Steps(4, 0)));
    }

    private static List<String> problems(String... arguments) {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Settings.of(Outer.class).arguments(List.of(arguments)).read());
        return refused.getMessage().lines().toList();
    }
}
