package ai.preceptor.policy.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.policy.loss.SampledTokens;
import org.junit.jupiter.api.Test;

class OffPolicyMaskTest {

    /** mean(log mu - log pi) of -1 and -1 against -2 and -1.5 is 0.75. */
    private static SampledTokens answer(double first, double second) {
        return new SampledTokens(
                new float[] {-2, -1.5f},
                new float[] {-2, -1.5f},
                null,
                new double[] {first, second},
                new double[] {0.5, 2},
                new float[] {-1, -1});
    }

    @Test
    void applyTo_beyondTheThreshold_dropsTokensOfNegativeAdvantage() {
        assertThat(new OffPolicyMask(0.7).applyTo(answer(-1, -3)).weights()).containsExactly(0, 0);
        assertThat(new OffPolicyMask(0.7).applyTo(answer(-1, 1)).weights()).containsExactly(0, 2);
        assertThat(new OffPolicyMask(0.7).applyTo(answer(1, 1)).weights()).containsExactly(0.5, 2);
        assertThat(new OffPolicyMask(0.8).applyTo(answer(-1, -3)).weights()).containsExactly(0.5, 2);
    }

    @Test
    void threshold_outOfRange_isRefused() {
        assertThatThrownBy(() -> new OffPolicyMask(0))
                .hasMessage("off_policy_mask_threshold: 0.0, must be above 0 and finite");
    }
}
