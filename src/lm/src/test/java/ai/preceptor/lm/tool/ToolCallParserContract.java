package ai.preceptor.lm.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every parser of calls does. */
abstract class ToolCallParserContract {
    private static final long SEED = 20_261_129;

    abstract ToolCallParser parser();

    /** A turn with one call of {@code add} with {@code {"a": 1}}. */
    abstract String callOfAdd();

    @Test
    void parse_ofACall_givesItsNameAndArguments() {
        List<ToolCall> calls = parser().parse(callOfAdd());
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).problem()).isNull();
        assertThat(calls.get(0).name()).isEqualTo("add");
        assertThat(calls.get(0).arguments()).containsOnlyKeys("a").containsEntry("a", 1);
    }

    @Test
    void parse_ofPlainText_givesNothing() {
        assertThat(parser().parse("")).isEmpty();
        assertThat(parser().parse("The answer is 4.")).isEmpty();
    }

    /** Whatever a model writes: parts of calls, changed bytes. */
    @Test
    void parse_neverThrows_andGivesWellFormedCallsOrProblems() {
        Random random = new Random(SEED);
        String whole = callOfAdd() + callOfAdd();
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder(whole);
            for (int change = random.nextInt(4); change >= 0 && text.length() > 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, "{}[]\"<>:,\\".charAt(random.nextInt(10)));
                    default -> text.setLength(at + 1);
                }
            }
            for (ToolCall call : parser().parse(text.toString())) {
                assertThat(call.problem() == null || call.name().isEmpty())
                        .as("seed %s: %s of %s", SEED, call, text)
                        .isTrue();
            }
        }
    }
}
