package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.policy.correction.OffPolicyMask;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which tokens a policy objective learns from: answers that do not count, weights, masks, and the entropy. */
class PolicyObjectiveTokensTest {
    private static final float[] LOGPS = {-1, -2, -1};
    private static final float[] SAMPLER = {-0.5f, -0.5f, -1};
    private static final List<Span> SPANS = List.of(new Span(0, 2), new Span(2, 3));
    private static final PolicyLoss LOSS =
            PolicyLossType.DAPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8);
    private static final PolicyObjective PLAIN = new PolicyObjective("grpo", LOSS);

    private static Experience experience(int from, int to, double advantage, double weight, boolean counts) {
        float[] logps = Arrays.copyOfRange(LOGPS, from, to);
        float[] sampler = Arrays.copyOfRange(SAMPLER, from, to);
        int[] ids = new int[to - from];
        Completion completion = new Completion("text", ids, logps, sampler, FinishReason.STOP);
        Trajectory trajectory = new Trajectory(Prompt.plain("p"), new int[] {5}, completion, 0, 0, Score.of(1));
        double[] advantages = new double[to - from];
        double[] weights = new double[to - from];
        Arrays.fill(advantages, advantage);
        Arrays.fill(weights, weight);
        return new Experience(trajectory, logps, null, advantages, weights, counts, null);
    }

    private static LossInputs<Experience> inputs(Experience first, Experience second, int tokens) {
        TokenStatistics statistics =
                new TokenStatistics(new float[3], Map.of(TokenStatistic.ENTROPY, new float[] {3, 2, 1}));
        return new LossInputs<>(List.of(first, second), SPANS, LOGPS, null, new Totals(2, tokens), statistics);
    }

    @Test
    void evaluate_answerThatDoesNotCount_hasNoPart() {
        Experience cut = experience(0, 2, 5, 1, false);
        assertThat(PLAIN.tokens(cut, SPANS.subList(0, 1))).isZero();
        assertThat(PLAIN.tokens(experience(0, 2, 5, 1, true), SPANS.subList(0, 1)))
                .isEqualTo(2);
        LossReport report = PLAIN.evaluate(inputs(cut, experience(2, 3, -4, 1, true), 1));
        assertThat(report.loss()).isCloseTo(4, within(1e-9));
        assertThat(report.gradient()).containsExactly(0, 0, 4);
        assertThat(report.metrics().get("entropy").value()).isEqualTo(1);
    }

    @Test
    void evaluate_weights_multiplyThePolicysTerms() {
        LossReport report = PLAIN.evaluate(inputs(experience(0, 2, 3, 0.5, true), experience(2, 3, -4, 2, true), 3));
        assertThat(report.loss()).isCloseTo((-3 * 0.5 * 2 + 4 * 2) / 3.0, within(1e-9));
        assertThat(report.gradient()).containsExactly(new float[] {-0.5f, -0.5f, 8 / 3f}, within(1e-6f));
        assertThat(report.metrics().get("entropy").value()).isEqualTo(2);
    }

    /** The first answer has become 1 nat a token less likely than when it was sampled. */
    @Test
    void evaluate_offPolicyMask_dropsBadAnswersThatHaveBecomeUnlikely() {
        PolicyObjective masking = new PolicyObjective("grpo", LOSS, new OffPolicyMask(0.9), 0);
        LossReport report = masking.evaluate(inputs(experience(0, 2, -3, 1, true), experience(2, 3, -4, 1, true), 3));
        assertThat(report.gradient()).containsExactly(new float[] {0, 0, 4 / 3f}, within(1e-6f));
        assertThat(report.metrics().get("sampling/off_policy_masked_ratio").value())
                .isEqualTo(0.5);
        assertThat(masking.parts()).isNotEqualTo(PLAIN.parts());
    }

    /** 0.3 times the mean entropy of the tokens that count, (3 + 2) / 2. */
    @Test
    void evaluate_entropyCoefficient_lowersTheLossByTheMeanEntropy() {
        LossInputs<Experience> in = inputs(experience(0, 2, 0, 1, true), experience(2, 3, 0, 1, false), 2);
        LossReport report = PLAIN.with(0, 0.3).evaluate(in);
        assertThat(report.loss()).isCloseTo(-0.3 * 2.5, within(1e-6));
        assertThat(report.entropyGradient()).containsExactly(new float[] {-0.15f, -0.15f, 0}, within(1e-6f));
        assertThat(PLAIN.evaluate(in).entropyGradient()).isNull();
    }
}
