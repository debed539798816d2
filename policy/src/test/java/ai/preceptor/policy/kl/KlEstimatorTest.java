package ai.preceptor.policy.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.GradientCheck;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KlEstimatorTest {

    private static final double[] POLICY = {0.5, 0.3, 0.2};
    private static final double[] REFERENCE = {0.2, 0.5, 0.3};

    @ParameterizedTest
    @EnumSource(KlEstimators.class)
    void value_equalsTheGoldenNumbers(KlEstimators estimator) {
        JsonNode golden = Golden.json("reference_losses.json").required("kl_estimators");
        String name = estimator.choiceName().replace("+", "");
        for (int row = 0; row < 2; row++) {
            double[] policy = Golden.doubles(golden.required("policy_logps").get(row));
            double[] reference = Golden.doubles(golden.required("ref_logps").get(row));
            double[] expected = Golden.doubles(golden.required(name).get(row));
            for (int t = 0; t < policy.length; t++) {
                assertThat(estimator.value(policy[t] - reference[t])).isCloseTo(expected[t], within(1e-6));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KlEstimators.class)
    void slope_agreesWithDifferencesAndBothAreZeroAtEquality(KlEstimator estimator) {
        KlEstimator differentiated = estimator == KlEstimators.K3_PLUS ? KlEstimators.K2 : estimator;
        assertThat(estimator.value(0)).isZero();
        for (double d = -3; d <= 3; d += 0.25) {
            new GradientCheck(1e-6, 1e-6)
                    .verify(estimator + " at " + d, x -> differentiated.value(x[0]), new double[] {d}, new double[] {
                        estimator.slope(d)
                    });
        }
    }

    @Test
    void value_ofK2AndK3_isNeverNegative() {
        for (double d = -20; d <= 20; d += 0.01) {
            assertThat(KlEstimators.K2.value(d)).isNotNegative();
            assertThat(KlEstimators.K3.value(d)).isNotNegative();
        }
        assertThat(KlEstimators.K1.value(-1)).isNegative();
    }

    /** k1 and k3 average to the exact KL(policy || reference) over samples of the policy; k2 does not. */
    @Test
    void value_averagedOverThePolicy_isTheExactDivergence() {
        double exact = expectation(POLICY, KlEstimators.K1);
        double byHand = 0.5 * Math.log(2.5) + 0.3 * Math.log(0.6) + 0.2 * Math.log(2.0 / 3);
        assertThat(exact).isCloseTo(byHand, within(1e-12));
        assertThat(expectation(POLICY, KlEstimators.K3)).isCloseTo(byHand, within(1e-12));
        assertThat(expectation(POLICY, KlEstimators.K2)).isNotCloseTo(byHand, within(1e-3));
    }

    /**
     * The gradient of KL(policy || reference) by a logit is the policy's mean of slope times score; k2's slope has it exactly,
     * and k3+ with it, as k1 and k3 do not.
     */
    @Test
    void slope_ofK3Plus_isThatOfTheDivergence() {
        double[] exact = gradient(KlEstimators.K2);
        double divergence = expectation(POLICY, KlEstimators.K1);
        for (int j = 0; j < POLICY.length; j++) {
            double byHand = POLICY[j] * (Math.log(POLICY[j] / REFERENCE[j]) - divergence);
            assertThat(exact[j]).isCloseTo(byHand, within(1e-12));
            assertThat(gradient(KlEstimators.K3_PLUS)[j]).isCloseTo(byHand, within(1e-12));
            assertThat(gradient(KlEstimators.K3)[j]).isNotCloseTo(byHand, within(1e-3));
        }
        assertThat(expectation(POLICY, KlEstimators.K3_PLUS)).isCloseTo(divergence, within(1e-12));
    }

    /** By the logits of a softmax: sum over y of p(y) slope(y) (1[y = j] - p(j)). */
    private static double[] gradient(KlEstimator estimator) {
        double[] gradient = new double[POLICY.length];
        for (int j = 0; j < gradient.length; j++) {
            for (int y = 0; y < POLICY.length; y++) {
                double slope = estimator.slope(Math.log(POLICY[y] / REFERENCE[y]));
                gradient[j] += POLICY[y] * slope * ((y == j ? 1 : 0) - POLICY[j]);
            }
        }
        return gradient;
    }

    private static double expectation(double[] policy, KlEstimator estimator) {
        double sum = 0;
        for (int i = 0; i < policy.length; i++) {
            sum += policy[i] * estimator.value(Math.log(policy[i] / REFERENCE[i]));
        }
        return sum;
    }
}
