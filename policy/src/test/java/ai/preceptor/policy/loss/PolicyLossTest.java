package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Totals;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyLossTest {

    private static final ClipSettings CLIP = ClipSettings.builder().epsilon(0.2).build();

    private static SampledTokens answer(double advantage, double... ratios) {
        float[] logps = new float[ratios.length];
        double[] advantages = new double[ratios.length];
        for (int t = 0; t < ratios.length; t++) {
            logps[t] = (float) Math.log(ratios[t]);
            advantages[t] = advantage;
        }
        return new SampledTokens(logps, new float[ratios.length], null, advantages);
    }

    private static PolicyLoss loss(PolicyLossType type) {
        return type.loss(CLIP, KlPenalty.none(), 8);
    }

    /** Ratios 1.1 and 1.5 at A = 2: -(1.1 x 2 + 1.2 x 2) / 2 tokens; the second is cut and has no gradient. */
    @Test
    void evaluate_tokenLevelPositiveAdvantage_isTheHandWorkedValue() {
        PolicyTerm term = loss(PolicyLossType.GRPO).evaluate(answer(2, 1.1, 1.5), new Totals(1, 2));
        assertThat(term.loss()).isCloseTo(-2.3, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {-1.1, 0}, within(1e-6));
        assertThat(term.high()).isEqualTo(0.5);
        assertThat(term.low()).isZero();
    }

    /** Ratios 0.7 and 1.5 at A = -2: (0.8 x 2 + 1.5 x 2) / 2; only the fallen ratio is cut. */
    @Test
    void evaluate_tokenLevelNegativeAdvantage_isTheHandWorkedValue() {
        PolicyTerm term = loss(PolicyLossType.GRPO).evaluate(answer(-2, 0.7, 1.5), new Totals(1, 2));
        assertThat(term.loss()).isCloseTo(2.3, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {0, 1.5}, within(1e-6));
        assertThat(term.low()).isEqualTo(0.5);
        assertThat(term.high()).isZero();
    }

    /** The product of 1.1 and 0.9 is 0.99: one ratio, and both tokens move it alike. */
    @Test
    void evaluate_sequenceLevel_usesTheProductOfTheRatios() {
        PolicyTerm term = loss(PolicyLossType.RLOO).evaluate(answer(2, 1.1, 0.9), new Totals(1, 2));
        assertThat(term.loss()).isCloseTo(-1.98, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {-1.98, -1.98}, within(1e-6));
    }

    /** The geometric mean of 1.21 and 1 is 1.1, and each token moves it by half. */
    @Test
    void evaluate_sequenceMeanLevel_usesTheGeometricMean() {
        PolicyLoss gspo = new ClippedPolicyLoss(
                RatioLevels.SEQUENCE_MEAN, Aggregations.SEQUENCE_MEAN, CLIP.ratioClip(), KlPenalty.none(), 8);
        PolicyTerm term = gspo.evaluate(answer(2, 1.21, 1), new Totals(1, 2));
        assertThat(term.loss()).isCloseTo(-2.2, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {-1.1, -1.1}, within(1e-6));
    }

    /** At ratio 1 an answer of 2 tokens, A = 1, in a step of 4 answers and 10 tokens. */
    @Test
    void evaluate_aggregations_weighTokensAsTheySay() {
        SampledTokens answer = answer(1, 1, 1);
        Totals step = new Totals(4, 10);
        assertThat(loss(PolicyLossType.GRPO).evaluate(answer, step).loss()).isCloseTo(-1.0 / 4, within(1e-12));
        assertThat(loss(PolicyLossType.RLOO).evaluate(answer, step).loss()).isCloseTo(-1.0 / 4, within(1e-12));
        assertThat(loss(PolicyLossType.DAPO).evaluate(answer, step).loss()).isCloseTo(-2.0 / 10, within(1e-12));
        assertThat(loss(PolicyLossType.PPO).evaluate(answer, step).loss()).isCloseTo(-2.0 / 10, within(1e-12));
        assertThat(loss(PolicyLossType.DR_GRPO).evaluate(answer, step).loss()).isCloseTo(-2.0 / (4 * 8), within(1e-12));
    }

    @Test
    void evaluate_onTheSamplingPolicy_hasThePolicyGradient() {
        Set<PolicyLossType> sums = EnumSet.of(PolicyLossType.RLOO, PolicyLossType.LUSPO);
        for (PolicyLossType type : PolicyLossType.values()) {
            PolicyTerm term = loss(type).evaluate(answer(3, 1, 1, 1, 1), new Totals(1, 4));
            double weight = type == PolicyLossType.DR_GRPO ? 1.0 / 8 : 1.0 / 4;
            double expected = -3 * weight * (sums.contains(type) ? 4 : 1);
            assertThat(term.gradient())
                    .as(type.name())
                    .containsExactly(new double[] {expected, expected, expected, expected}, within(1e-12));
        }
    }

    @Test
    void evaluate_zeroAdvantage_isNothingEvenWhenTheRatioOverflows() {
        SampledTokens answer =
                new SampledTokens(new float[] {0, 0}, new float[] {-600, -600}, null, new double[] {0, 0});
        PolicyTerm term = loss(PolicyLossType.RLOO).evaluate(answer, new Totals(1, 2));
        assertThat(term.loss()).isZero();
        assertThat(term.gradient()).containsOnly(0);
    }

    /** d = -0.5 - (-0.75) = 0.25 for both tokens; k3 = e^-0.25 - 1 + 0.25; weight 1/2 each. */
    @Test
    void evaluate_klTerm_addsBetaTimesTheEstimate() {
        PolicyTerm term = klTerm(new KlPenalty(0.1, KlEstimators.K3, false), -0.5f);
        double k3 = Math.exp(-0.25) - 1 + 0.25;
        assertThat(term.kl()).isCloseTo(2 * k3, within(1e-12));
        assertThat(term.loss()).isCloseTo(0.1 * k3, within(1e-12));
        assertThat(term.gradient()).containsOnly(0.1 * 0.5 * (1 - Math.exp(-0.25)));
    }

    /** On the sampling policy the value is the same and the slope is d itself, that of KL(policy || reference). */
    @Test
    void evaluate_biasCorrectedKl_hasTheSlopeOfTheExactDivergence() {
        PolicyTerm term = klTerm(KlPenalty.k3(0.1), -0.5f);
        assertThat(term.loss()).isCloseTo(0.1 * (Math.exp(-0.25) - 1 + 0.25), within(1e-12));
        assertThat(term.gradient()).containsExactly(new double[] {0.0125, 0.0125}, within(1e-12));
    }

    /** Sampled at -0.75: the ratio e^0.25 multiplies the estimate. */
    @Test
    void evaluate_biasCorrectedKlOffThePolicy_isWeightedByTheRatio() {
        PolicyTerm term = klTerm(KlPenalty.k3(0.1), -0.75f);
        assertThat(term.kl()).isCloseTo(2 * Math.exp(0.25) * (Math.exp(-0.25) - 1 + 0.25), within(1e-12));
    }

    private static PolicyTerm klTerm(KlPenalty penalty, float oldLogp) {
        SampledTokens answer = new SampledTokens(
                new float[] {-0.5f, -0.5f},
                new float[] {oldLogp, oldLogp},
                new float[] {-0.75f, -0.75f},
                new double[2]);
        return PolicyLossType.GRPO.loss(CLIP, penalty, 8).evaluate(answer, new Totals(1, 2));
    }

    @Test
    void evaluate_betaWithoutReference_isRefused() {
        PolicyLoss loss = PolicyLossType.GRPO.loss(CLIP, KlPenalty.k3(0.1), 8);
        assertThatThrownBy(() -> loss.evaluate(answer(1, 1), new Totals(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("beta: 0.1");
        assertThat(loss(PolicyLossType.GRPO)
                        .evaluate(answer(1, 1), new Totals(1, 1))
                        .kl())
                .isNaN();
    }

    /** With delta 1.5, a ratio of 3 costs a negative advantage no more than 1.5 does, and is flat there. */
    @Test
    void evaluate_twoSidedBound_limitsNegativeAdvantages() {
        PolicyLoss bounded = PolicyLossType.GRPO.loss(
                ClipSettings.builder().epsilon(0.2).epsilonHigh(0.2).delta(1.5).build(), KlPenalty.none(), 8);
        PolicyTerm term = bounded.evaluate(answer(-2, 3), new Totals(1, 1));
        assertThat(term.loss()).isCloseTo(3, within(1e-12));
        assertThat(term.gradient()).containsExactly(0);
    }

    /** A checkpoint knows an aggregation of one's own, and the known ones by loss_type as before. */
    @Test
    void name_ownAggregation_isAmongTheParts() {
        assertThat(PolicyLossType.DR_GRPO.loss(CLIP, KlPenalty.k3(0.1), 8).name())
                .isEqualTo("token-ratio_clip-k3");
        assertThat(new ClippedPolicyLoss(RatioLevels.TOKEN, new SquareRoot(), CLIP.ratioClip(), KlPenalty.k3(0.1), 8)
                        .name())
                .isEqualTo("token-ratio_clip-k3-square_root");
    }

    /** Between the mean over answers and the mean over tokens. */
    private record SquareRoot() implements Aggregation {
        @Override
        public String name() {
            return "square_root";
        }

        @Override
        public double tokenWeight(int tokens, Totals step, int maxCompletionLength) {
            return 1 / (Math.sqrt(tokens) * step.rows());
        }
    }

    @Test
    void constructors_refuseImpossibleNumbers() {
        assertThatThrownBy(() -> new RatioClip(0, 0.2, 9)).hasMessageContaining("epsilon: 0.0");
        assertThatThrownBy(() -> new RatioClip(0.2, 0, 9)).hasMessageContaining("epsilon_high: 0.0");
        assertThatThrownBy(() -> new RatioClip(0.2, 0.2, 1.1)).hasMessageContaining("delta: 1.1");
        assertThatThrownBy(() -> KlPenalty.k3(-1)).hasMessageContaining("beta: -1.0");
        assertThatThrownBy(() -> PolicyLossType.GRPO.loss(CLIP, KlPenalty.none(), 0))
                .hasMessageContaining("max_completion_length: 0");
        assertThatThrownBy(() -> new SampledTokens(new float[2], new float[3], null, new double[2]))
                .hasMessageContaining("3 old log-probabilities");
    }
}
