package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.setting.Refusals;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Totals;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The losses beside the clipped ones, by hand and by their contract. */
class LossTypesTest {

    private static final ClipSettings SETTINGS = ClipSettings.builder().build();

    private static SampledTokens answer(double[] advantages, double... ratios) {
        float[] logps = new float[ratios.length];
        float[] old = new float[ratios.length];
        for (int t = 0; t < ratios.length; t++) {
            logps[t] = -1;
            old[t] = (float) (-1 - Math.log(ratios[t]));
        }
        return new SampledTokens(logps, old, null, advantages);
    }

    private static PolicyTerm evaluate(PolicyLossType type, SampledTokens answer, Totals step) {
        return type.loss(SETTINGS, KlPenalty.none(), 8).evaluate(answer, step);
    }

    /** At log pi = -1: weights 2 and 5 instead of 6, advantages 1 and 0.5, ten tokens in the step. */
    @Test
    void cispo_isTheCappedRatioTimesAdvantageAndLogLikelihood() {
        PolicyTerm term = evaluate(PolicyLossType.CISPO, answer(new double[] {1, 0.5}, 2, 6), new Totals(2, 10));
        assertThat(term.loss()).isCloseTo(0.2 + 0.25, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {-0.2, -0.25}, within(1e-6));
        assertThat(term.metrics()).isEqualTo(Map.of("cispo_clip_ratio", Metric.mean(1, 2)));
    }

    /** A ratio above the cap is not counted where the advantage is negative, as in TRL. */
    @Test
    void cispo_negativeAdvantage_isCappedButNotCounted() {
        PolicyTerm term = evaluate(PolicyLossType.CISPO, answer(new double[] {-1}, 6), new Totals(1, 1));
        assertThat(term.gradient()).containsExactly(new double[] {5}, within(1e-6));
        assertThat(term.metrics()).isEqualTo(Map.of("cispo_clip_ratio", Metric.mean(0, 1)));
    }

    /** Geometric mean of 4 and 1 is 2, for both tokens. */
    @Test
    void cispo_sequenceLevel_sharesOneRatio() {
        ClipSettings sequence = ClipSettings.builder()
                .importanceSamplingLevel(ImportanceSamplingLevel.SEQUENCE)
                .build();
        PolicyLoss loss = PolicyLossType.CISPO.loss(sequence, KlPenalty.none(), 8);
        assertThat(loss.evaluate(answer(new double[] {1, 1}, 4, 1), new Totals(1, 2))
                        .gradient())
                .containsExactly(new double[] {-1, -1}, within(1e-6));
        assertThat(loss.sharesRatio()).isTrue();
    }

    /** -A 4 sigmoid(r - 1) for A = 2, and with tau = 1.05 for A = -1; weights 1/2. */
    @Test
    void sapo_isTheHandWorkedValue() {
        PolicyTerm term = evaluate(PolicyLossType.SAPO, answer(new double[] {2, -1}, 2, 0.5), new Totals(1, 2));
        double up = 1 / (1 + Math.exp(-1));
        double down = 1 / (1 + Math.exp(0.525));
        assertThat(term.loss()).isCloseTo(0.5 * (-2 * 4 * up + 4 / 1.05 * down), within(1e-6));
        assertThat(term.gradient())
                .containsExactly(
                        new double[] {0.5 * -2 * 4 * up * (1 - up) * 2, 0.5 * 4 * down * (1 - down) * 0.5},
                        within(1e-6));
    }

    /** w = 2 x 0.25 = 0.5: phi is 0.5^2 e^1.5 for A = 1 and 0.5^3 e^1 for A = -1. */
    @Test
    void vespo_weighsByTheProductOfTheRatios() {
        PolicyTerm term = evaluate(PolicyLossType.VESPO, answer(new double[] {1, -1}, 2, 0.25), new Totals(1, 2));
        double pos = 0.25 * Math.exp(1.5);
        double neg = 0.125 * Math.exp(1);
        assertThat(term.gradient()).containsExactly(new double[] {-pos / 2, neg / 2}, within(1e-6));
        assertThat(term.loss()).isCloseTo(pos / 2 - neg / 2, within(1e-6));
        Metric phi = term.metrics().get("vespo/phi_seq_mean");
        assertThat(phi.value()).isCloseTo((pos + neg) / 2, within(1e-6));
    }

    @Test
    void vespo_ratiosThatOverflow_giveNothing() {
        SampledTokens far =
                new SampledTokens(new float[] {-1, -1}, new float[] {-900, -900}, null, new double[] {1, -1});
        PolicyTerm term = evaluate(PolicyLossType.VESPO, far, new Totals(1, 2));
        assertThat(term.loss()).isZero();
        assertThat(term.gradient()).containsExactly(0, 0);
    }

    /** The sampler gave 0.5 where the old policy has the policy's own probability: w = 2, phi = 2^2 e^-3. */
    @Test
    void vespo_comparesWithTheSampler() {
        float[] same = {-1};
        SampledTokens answer = new SampledTokens(
                same, same, null, new double[] {1}, new double[] {1}, new float[] {(float) (-1 - Math.log(2))});
        PolicyTerm term = evaluate(PolicyLossType.VESPO, answer, new Totals(1, 1));
        assertThat(term.gradient()).containsExactly(new double[] {-4 * Math.exp(-3)}, within(1e-6));
    }

    /** A = 1: log-ratios 0.8, cut to 0.4, and -0.6, kept: exp(-0.1) for the answer; the cut token has no gradient. */
    @Test
    void gmpo_positiveAdvantage_isTheHandWorkedValue() {
        SampledTokens answer = answer(new double[] {1, 1}, Math.exp(0.8), Math.exp(-0.6));
        PolicyTerm term = evaluate(PolicyLossType.GMPO, answer, new Totals(4, 9));
        double loss = -Math.exp(-0.1) / 4;
        assertThat(term.loss()).isCloseTo(loss, within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {0, loss / 2}, within(1e-6));
        assertThat(term.high()).isEqualTo(0.5);
        assertThat(term.low()).isZero();
    }

    /** A = -2: log-ratios 0.8, kept, and -0.6, cut to -0.4: exp(0.2). */
    @Test
    void gmpo_negativeAdvantage_isTheHandWorkedValue() {
        SampledTokens answer = answer(new double[] {-2, -2}, Math.exp(0.8), Math.exp(-0.6));
        PolicyTerm term = evaluate(PolicyLossType.GMPO, answer, new Totals(1, 2));
        assertThat(term.loss()).isCloseTo(2 * Math.exp(0.2), within(1e-6));
        assertThat(term.gradient()).containsExactly(new double[] {Math.exp(0.2), 0}, within(1e-6));
        assertThat(term.low()).isEqualTo(0.5);
    }

    /** GSPO's term times the length: geometric mean of 1.21 and 1, A = 2, two tokens, four answers. */
    @Test
    void luspo_isGspoTimesTheLength() {
        SampledTokens answer = answer(new double[] {2, 2}, 1.21, 1);
        PolicyTerm term = evaluate(PolicyLossType.LUSPO, answer, new Totals(4, 9));
        PolicyTerm gspo = evaluate(PolicyLossType.GSPO, answer, new Totals(4, 9));
        assertThat(term.loss()).isCloseTo(-2.2 * 2 / 4, within(1e-6));
        assertThat(term.loss()).isCloseTo(2 * gspo.loss(), within(1e-12));
        assertThat(term.gradient()[0]).isCloseTo(2 * gspo.gradient()[0], within(1e-12));
    }

    @Test
    void check_keysThatALossHasNoUseFor_areRefused() {
        Refusals refusals = Refusals.none();
        ClipSettings level = ClipSettings.builder()
                .importanceSamplingLevel(ImportanceSamplingLevel.TOKEN)
                .build();
        level.check(PolicyLossType.GMPO, refusals);
        ClipSettings.builder().delta(4.0).build().check(PolicyLossType.CISPO, refusals);
        assertThatThrownBy(refusals::throwIfAny)
                .hasMessageContaining("importance_sampling_level")
                .hasMessageContaining("loss_type gmpo")
                .hasMessageContaining("delta")
                .hasMessageContaining("loss_type cispo");
    }

    /** Every bound and temperature, each with another value than its default. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GRPO  | sapo_temperature_pos sapo_temperature_neg vespo_k_pos vespo_lambda_pos vespo_k_neg vespo_lambda_neg
            GMPO  | sapo_temperature_pos sapo_temperature_neg vespo_k_pos vespo_lambda_pos vespo_k_neg vespo_lambda_neg
            SAPO  | epsilon epsilon_high vespo_k_pos vespo_lambda_pos vespo_k_neg vespo_lambda_neg
            CISPO | epsilon sapo_temperature_pos sapo_temperature_neg vespo_k_pos vespo_lambda_pos vespo_k_neg vespo_lambda_neg
            VESPO | epsilon epsilon_high sapo_temperature_pos sapo_temperature_neg
            """)
    void check_keysThatALossDoesNotRead_areRefused(PolicyLossType type, String keys) {
        Refusals refusals = Refusals.none();
        ClipSettings changed = new ClipSettings(0.1, 0.3, null, null, 2, 3, 4, 5, 6, 7);
        changed.check(type, refusals);
        String refused = catchThrowable(refusals::throwIfAny).getMessage();
        assertThat(refused.replaceAll(":[^;]*;?", "")).isEqualTo(keys);
        assertThat(refused).contains(" with loss_type " + type.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource(PolicyLossType.class)
    void check_defaults_areLegalWithEveryLoss(PolicyLossType type) {
        Refusals refusals = Refusals.none();
        SETTINGS.check(type, refusals);
        ClipSettings.builder().epsilon(0.2).epsilonHigh(0.2).build().check(type, refusals);
        refusals.throwIfAny();
    }

    @Test
    void check_cisposBound_isNoDistanceToOne() {
        Refusals refusals = Refusals.none();
        ClipSettings.builder().epsilonHigh(0.5).build().check(PolicyLossType.CISPO, refusals);
        refusals.throwIfAny();
        assertThat(PolicyLossType.CISPO.loss(SETTINGS, KlPenalty.none(), 8).toString())
                .contains("max=5.0");
    }

    @Test
    void constructors_refuseImpossibleNumbers() {
        assertThatThrownBy(() -> new SoftGate(0, 1)).hasMessageContaining("sapo_temperature_pos: 0.0");
        assertThatThrownBy(() -> new SoftGate(1, Double.NaN)).hasMessageContaining("sapo_temperature_neg: NaN");
        assertThatThrownBy(() -> new CappedRatio(RatioLevels.TOKEN, 0)).hasMessageContaining("epsilon_high: 0.0");
        assertThatThrownBy(() -> new GammaWeight.Shape(-1, 0)).hasMessageContaining("k: -1.0");
        assertThatThrownBy(() -> new GammaWeight.Shape(0, Double.NaN)).hasMessageContaining("lambda: NaN");
        assertThatThrownBy(() -> new GeometricMeanLoss(0, 1, KlPenalty.none())).hasMessageContaining("epsilon: 0.0");
        assertThatThrownBy(() -> new GeometricMeanLoss(1, 0, KlPenalty.none()))
                .hasMessageContaining("epsilon_high: 0.0");
    }

    /** What weights said of one answer, whatever it is now. */
    private record Held(double[] values) implements ImportanceWeights {
        @Override
        public String name() {
            return "held";
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public Weighed of(SampledTokens answer) {
            return new Weighed(values, Map.of());
        }
    }

    private static PolicyLoss held(LikelihoodLoss loss, SampledTokens answer) {
        return new LikelihoodLoss(
                new Held(loss.weights().of(answer).values()),
                loss.aggregation(),
                loss.kl(),
                loss.maxCompletionLength());
    }

    @Nested
    class Cispo extends PolicyLossContract {
        @Override
        protected LikelihoodLoss loss() {
            ClipSettings low = ClipSettings.builder().epsilonHigh(1.01).build();
            return (LikelihoodLoss) PolicyLossType.CISPO.loss(low, KlPenalty.k3(0.1), 8);
        }

        @Override
        protected PolicyLoss differentiated(SampledTokens answer) {
            return held(loss(), answer);
        }
    }

    @Nested
    class Vespo extends PolicyLossContract {
        @Override
        protected LikelihoodLoss loss() {
            return (LikelihoodLoss) PolicyLossType.VESPO.loss(SETTINGS, KlPenalty.none(), 8);
        }

        @Override
        protected PolicyLoss differentiated(SampledTokens answer) {
            return held(loss(), answer);
        }
    }

    @Nested
    class Sapo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return PolicyLossType.SAPO.loss(SETTINGS, KlPenalty.k3(0.1), 8);
        }
    }

    @Nested
    class Gmpo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            // no point of the contract lies at this bound
            ClipSettings narrow = ClipSettings.builder().epsilon(0.043).build();
            return PolicyLossType.GMPO.loss(narrow, KlPenalty.k3(0.1), 8);
        }
    }

    @Nested
    class Luspo extends PolicyLossContract {
        @Override
        protected PolicyLoss loss() {
            return PolicyLossType.LUSPO.loss(SETTINGS, KlPenalty.k3(0.1), 8);
        }
    }
}
