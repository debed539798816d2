package ai.preceptor.teacher.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import org.junit.jupiter.api.Test;

class RepetitionPenaltyTest {
    private static double penalty(int size, double largest, String text) {
        return new RepetitionPenalty(size, largest).applyAsDouble(Answer.of(Prompt.plain("q"), text));
    }

    /** TRL's example: of four pairs of five equal words one is unique. */
    @Test
    void apply_isTheShareOfRepeatedSequences() {
        assertThat(penalty(2, -1, "1 2 3 4")).isZero();
        assertThat(penalty(2, -1, "5 5 5 5 5")).isCloseTo(-0.75, within(1e-12));
        assertThat(penalty(3, -2, "a b c A  B\nc")).isCloseTo(-0.5, within(1e-12));
    }

    /** Five tokens of words that all differ: the sequence 7 8 comes twice in four. */
    @Test
    void apply_tokensKnown_readsThemAndNotTheWords() {
        int[] ids = {7, 8, 9, 7, 8};
        Completion sampled = new Completion("a b c d e", ids, new float[5], FinishReason.LENGTH);
        assertThat(new RepetitionPenalty(2, -1).applyAsDouble(Answer.of(Prompt.plain("q"), sampled)))
                .isCloseTo(-0.25, within(1e-12));
    }

    @Test
    void apply_tooShort_isZero() {
        assertThat(penalty(3, -1, "a a")).isZero();
        assertThat(penalty(1, -1, " ")).isZero();
    }

    @Test
    void constructor_refusesWhatIsNoPenalty() {
        assertThat(new RepetitionPenalty()).isEqualTo(new RepetitionPenalty(3, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepetitionPenalty(0, -1))
                .withMessage("ngram_size: 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepetitionPenalty(3, 0.5))
                .withMessage("max_penalty: 0.5, must be finite and at most 0");
    }
}
