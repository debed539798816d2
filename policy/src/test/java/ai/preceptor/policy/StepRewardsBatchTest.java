package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Score.TokenScore;
import ai.preceptor.data.Trajectory;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.StepGroupRelative;
import ai.preceptor.policy.kl.KlEstimators;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scores of steps on their way to advantages. */
class StepRewardsBatchTest {
    private static MeasuredAnswer answer(Score score) {
        Completion completion = new Completion("text", new int[4], new float[4], FinishReason.STOP);
        return MeasuredAnswer.of(new Trajectory(Prompt.plain("p"), new int[] {1}, completion, 0, 0, score), null);
    }

    private static final List<MeasuredAnswer> ANSWERS = List.of(
            answer(Score.of(0.2).withTokens(List.of(new TokenScore(1, 0.8), new TokenScore(3, 0.2)))),
            answer(Score.of(0.5).withTokens(List.of(new TokenScore(0, 0.5)))));

    /**
     * Shaping took 0.4 of the first and 0.1 of the second, both at their last token. Steps 0.8, -0.2, 0.5 and -0.1 have mean
     * 0.25; without scaling the first answer gets 0.55 - 0.45 up to its first step and -0.45 after it.
     */
    @Test
    void make_withSteps_addsShapingAtTheLastToken() {
        ExperienceMaker maker = new ExperienceMaker(new StepGroupRelative(false), KlEstimators.K1);
        List<Experience> made =
                maker.make(ANSWERS, new double[] {-0.2, 0.4}, 0, null).experiences();
        assertThat(made.get(0).advantages()).containsExactly(new double[] {0.1, 0.1, -0.45, -0.45}, within(1e-9));
        assertThat(made.get(1).advantages()).containsExactly(new double[] {-0.1, -0.35, -0.35, -0.35}, within(1e-9));
    }

    /** Of other credit the steps are none of its business. */
    @Test
    void make_withoutSteps_readsTheScore() {
        ExperienceMaker maker = new ExperienceMaker(new CreditAssignment.TokenReturns(), KlEstimators.K1);
        List<Experience> made =
                maker.make(ANSWERS, new double[] {0.2, 0.5}, 0, null).experiences();
        assertThat(made.get(0).advantages()).containsOnly(made.get(0).advantages()[0]);
        assertThat(maker.make(ANSWERS, new double[] {0.2, 0.5}, 0, null)
                        .metrics()
                        .get("completions/mean_steps")
                        .value())
                .isEqualTo(1.5);
    }
}
