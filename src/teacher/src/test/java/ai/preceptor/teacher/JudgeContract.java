package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every judge owes. */
public abstract class JudgeContract {

    /** A judge that can compare plain answers and has no bias; called once a test. */
    protected abstract Judge judge();

    protected static Comparison comparison(String first, String second) {
        Prompt prompt = Prompt.plain("Name a bird. ");
        return new Comparison(prompt, prompt.reply(first), prompt.reply(second));
    }

    private static final List<Comparison> COMPARISONS =
            List.of(comparison("owl", "a wren"), comparison("a wren", "owl"), comparison("owl", "owl"));

    @Test
    void name_saysSomething() {
        try (Judge judge = judge()) {
            assertThat(judge.name()).isNotBlank();
        }
    }

    @Test
    void compare_givesOneVerdictPerComparison() {
        try (Judge judge = judge()) {
            assertThat(judge.compare(COMPARISONS)).hasSize(3).allMatch(Verdict::isDecided);
            assertThat(judge.compare(List.of())).isEmpty();
        }
    }

    @Test
    void compare_doesNotDependOnTheOrder() {
        try (Judge judge = judge()) {
            List<Verdict> verdicts = judge.compare(COMPARISONS);
            assertThat(verdicts.get(0).preference())
                    .isNotEqualTo(0.5)
                    .isCloseTo(1 - verdicts.get(1).preference(), within(1e-12));
        }
    }

    @Test
    void compare_ofIdenticalAnswersIsATie() {
        try (Judge judge = judge()) {
            assertThat(judge.compare(COMPARISONS).get(2)).isEqualTo(Verdict.TIE);
        }
    }
}
