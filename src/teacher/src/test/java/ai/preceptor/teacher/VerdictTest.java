package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void swapped_turnsThePreferenceRound() {
        assertThat(Verdict.of(0.25).swapped()).isEqualTo(Verdict.of(0.75));
        assertThat(Verdict.undecided("lost").swapped()).isEqualTo(Verdict.undecided("lost"));
    }

    @Test
    void asScore_keepsTheProblem() {
        assertThat(Verdict.of(0.25).asScore()).isEqualTo(Score.of(0.25));
        assertThat(Verdict.undecided("lost").asScore()).isEqualTo(Score.unscored("lost"));
    }

    @Test
    void constructor_refusesWhatIsNoPreference() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Verdict.of(1.5))
                .withMessage("preference: 1.5, must be in [0, 1]");
        assertThatIllegalArgumentException().isThrownBy(() -> Verdict.of(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Verdict(0, "lost"))
                .withMessage("preference: 0.0, must be NaN where there is no verdict (lost)");
    }

    @Test
    void comparison_refusesAnswersInAnotherForm() {
        Prompt prompt = Prompt.plain("q");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Comparison(prompt, Text.plain("a"), Text.chat()))
                .withMessageContaining("text: expected a plain string as its prompt, received a list of messages");
    }
}
