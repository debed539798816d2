package ai.preceptor.policy.opd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.loss.PolicyTerm;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Totals;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnPolicyDistillationTest {
    private static final long SEED = 20261129;
    private static final float NONE = Float.NaN;

    /** Policy -1 everywhere, so r is 1, -2, 0.5. */
    private static DistilledAnswer of(OnPolicyDistillation distillation, double... rewards) {
        float[] policy = new float[rewards.length];
        float[] teacher = new float[rewards.length];
        for (int t = 0; t < rewards.length; t++) {
            policy[t] = -8;
            teacher[t] = (float) (rewards[t] - 8);
        }
        return distillation.of(policy, teacher);
    }

    @Test
    void gammaZero_isThePreferenceForTheToken() {
        assertThat(of(new OnPolicyDistillation(1, 0, null), 1, -2, 0.5).terms()).containsExactly(1, -2, 0.5);
        assertThat(of(new OnPolicyDistillation(0.5, 0, null), 1, -2, 0.5).terms())
                .containsExactly(0.5, -1, 0.25);
    }

    /** Halves: 0.5; (-2 + 0.25) / 1.5; (1 - 1 + 0.125) / 1.75. Gamma 1: means of what is left. */
    @Test
    void gamma_normalizesTheDiscountedReturns() {
        assertThat(of(new OnPolicyDistillation(1, 0.5, null), 1, -2, 0.5).terms())
                .containsExactly(new double[] {0.125 / 1.75, -1.75 / 1.5, 0.5}, within(1e-12));
        assertThat(of(new OnPolicyDistillation(1, 1, null), 1, -2, 0.5).terms())
                .containsExactly(new double[] {-0.5 / 3, -0.75, 0.5}, within(1e-12));
    }

    /** |r| is 1, 2, 0.5 of 3.5: weights 1 + 0.5, 1 + 0.5 (2.5 / 3.5), 1 + 0.5 (0.5 / 3.5). */
    @Test
    void iwGamma_favoursTokensBeforeTheDrift() {
        DistilledAnswer answer = of(new OnPolicyDistillation(2, 0, 0.5), 1, -2, 0.5);
        double[] weights = {1.5, 1 + 0.5 * 2.5 / 3.5, 1 + 0.5 * 0.5 / 3.5};
        assertThat(answer.weights()).containsExactly(weights, within(1e-12));
        assertThat(answer.terms())
                .containsExactly(new double[] {2 * weights[0], -4 * weights[1], weights[2]}, within(1e-12));
        assertThat(of(new OnPolicyDistillation(1, 0, 0.5), 0, 0).weights()).containsExactly(1.5, 1.5);
    }

    /** As if it were not there, with 0 in its place; with gamma the token before sees one that is two away. */
    @Test
    void unscoredToken_getsNothing_andTakesPartInNothing() {
        DistilledAnswer answer = of(new OnPolicyDistillation(1, 0.5, null), 1, NONE, 3);
        assertThat(answer.terms()).containsExactly(new double[] {(1 + 0.25 * 3) / 1.25, 0, 3}, within(1e-12));
        DistilledAnswer weighted = of(new OnPolicyDistillation(1, 0, 1.0), 1, NONE, 3);
        assertThat(weighted.terms()).containsExactly(new double[] {2, 0, 3 * 1.75}, within(1e-12));
        assertThat(of(new OnPolicyDistillation(1, 0.5, null), NONE, NONE).terms())
                .containsExactly(0, 0);
        Map<String, Metric> metrics = DistilledAnswer.metrics(List.of(answer, weighted));
        assertThat(metrics.get("opd/reverse_kl").value()).isEqualTo(-2);
        assertThat(metrics.get("opd/mean_abs_advantage").value()).isEqualTo(2);
        assertThat(metrics.get("opd/tokens_unscored").value()).isEqualTo(2);
        assertThat(metrics.get("opd/min_weight").value()).isEqualTo(1);
        assertThat(metrics.get("opd/max_weight").value()).isEqualTo(2);
        assertThat(DistilledAnswer.metrics(List.of(of(new OnPolicyDistillation(1, 0, null), NONE))))
                .containsOnlyKeys("opd/tokens_unscored");
    }

    @Test
    void terms_areAdded_andTheAdvantagesStayAsTheyWere() {
        double[] advantages = {1, 2};
        assertThat(of(new OnPolicyDistillation(1, 0, null), 0.5, -0.5).added(advantages))
                .containsExactly(1.5, 1.5);
        assertThat(advantages).containsExactly(1, 2);
    }

    /** TRL 1.16, IWOPDTrainer._compute_iw_opd_loss: loss and derivatives, with the policy where it sampled or not. */
    @Test
    void loss_isTrls() throws IOException {
        for (JsonNode golden : golden().required("cases")) {
            double iw = golden.required("iw_opd_gamma").doubleValue();
            OnPolicyDistillation distillation = new OnPolicyDistillation(1, 0, iw);
            List<JsonNode> answers = new ArrayList<>();
            golden.required("answers").forEach(answers::add);
            int tokens = answers.stream()
                    .mapToInt(one -> one.required("policy_logps").size())
                    .sum();
            double loss = 0;
            List<DistilledAnswer> all = new ArrayList<>();
            for (JsonNode answer : answers) {
                DistilledAnswer distilled = distillation.of(
                        Golden.floats(answer.required("rollout_logps")),
                        Golden.floats(answer.required("teacher_logps")));
                all.add(distilled);
                double[] policy = Golden.doubles(answer.required("policy_logps"));
                double[] gradient = Golden.doubles(answer.required("gradient"));
                for (int t = 0; t < policy.length; t++) {
                    loss -= policy[t] * distilled.terms()[t] / tokens;
                    assertThat(-distilled.terms()[t] / tokens).isCloseTo(gradient[t], within(1e-6));
                }
            }
            assertThat(loss).isCloseTo(golden.required("loss").doubleValue(), within(1e-6));
            Map<String, Metric> metrics = DistilledAnswer.metrics(all);
            JsonNode theirs = golden.required("metrics");
            for (String name : List.of("mean_abs_advantage", "min_weight", "max_weight")) {
                assertThat(metrics.get("opd/" + name).value())
                        .isCloseTo(theirs.required("iw_opd/" + name).doubleValue(), within(1e-6));
            }
        }
    }

    private static JsonNode golden() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                OnPolicyDistillationTest.class.getResourceAsStream("iw_opd.json"), "iw_opd.json")) {
            return new ObjectMapper().readTree(file);
        }
    }

    /** The loss of {@code algorithm=opd} where policy and sampler are the same: minus the term over the step's tokens. */
    @Test
    void gradientOfThePolicyLoss_isMinusTheTerm() {
        Random random = new Random(SEED);
        float[] policy = new float[5];
        float[] teacher = new float[5];
        for (int t = 0; t < 5; t++) {
            policy[t] = -random.nextFloat();
            teacher[t] = -random.nextFloat();
        }
        double[] terms = new OnPolicyDistillation(1, 0, 0.5).of(policy, teacher).terms();
        PolicyLoss loss = PolicyLossType.DAPO.loss(ClipSettings.builder().build(), KlPenalty.none(), 10);
        PolicyTerm term = loss.evaluate(new SampledTokens(policy, policy, null, terms), new Totals(1, 5));
        assertThat(term.gradient())
                .as("seed %d", SEED)
                .containsExactly(Arrays.stream(terms).map(one -> -one / 5).toArray(), within(1e-12));
    }

    @Test
    void numbersOutOfTheirRange_areRefused() {
        assertThatThrownBy(() -> new OnPolicyDistillation(0, 0, null)).hasMessage("coefficient: 0.0, must be above 0");
        assertThatThrownBy(() -> new OnPolicyDistillation(1, 1.5, null)).hasMessage("gamma: 1.5, must be in [0, 1]");
        assertThatThrownBy(() -> new OnPolicyDistillation(1, 0, -1.0)).hasMessage("iw_gamma: -1.0, must be 0 or more");
        OnPolicyDistillation legal = new OnPolicyDistillation(1, 0, null);
        assertThatThrownBy(() -> legal.of(new float[2], new float[1]))
                .hasMessage("teacher: 1 log-probabilities, must be one per sampled token: 2");
        assertThatThrownBy(() -> legal.of(new float[1], new float[] {Float.NEGATIVE_INFINITY}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be finite");
    }
}
