package ai.preceptor.policy.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.train.Totals;
import org.junit.jupiter.api.Test;

class RatioStatisticsTest extends PolicyLossContract {
    private static PolicyLoss clipped() {
        return PolicyLossType.PPO.loss(ClipSettings.builder().build(), KlPenalty.none(), 8);
    }

    @Override
    protected PolicyLoss loss() {
        return new RatioStatistics(clipped());
    }

    /** Ratios 2 and 1, with positive advantages: the first is clipped. */
    @Test
    void evaluate_addsWhatTheRatiosAre() {
        float[] logps = {(float) Math.log(2) - 1, -1};
        SampledTokens answer = new SampledTokens(logps, new float[] {-1, -1}, null, new double[] {1, 1});
        PolicyTerm term = loss().evaluate(answer, new Totals(1, 2));
        assertThat(term.metrics().get("policy/approxkl_avg").value())
                .isCloseTo(Math.log(2) * Math.log(2) / 4, within(1e-6));
        assertThat(term.metrics().get("policy/clipfrac_avg").value()).isEqualTo(0.5);
        assertThat(term.metrics().get("val/ratio").value()).isCloseTo(1.5, within(1e-6));
        assertThat(term.metrics().get("val/ratio_var").value()).isCloseTo(0.5, within(1e-6));
        PolicyTerm plain = clipped().evaluate(answer, new Totals(1, 2));
        assertThat(term.loss()).isEqualTo(plain.loss());
        assertThat(term.gradient()).containsExactly(plain.gradient());
    }
}
