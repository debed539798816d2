package ai.preceptor.policy.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.setting.Refusals;
import org.junit.jupiter.api.Test;

class KlSettingsTest {

    private static KlPenalty penalty(KlSettingsBuilder settings, KlPlacement placement) {
        return settings.build().penalty(0.1, placement);
    }

    @Test
    void penalty_byDefault_isK3WithRatiosInTheLossOnly() {
        assertThat(penalty(KlSettings.builder(), KlPlacement.LOSS)).isEqualTo(KlPenalty.k3(0.1));
        assertThat(penalty(KlSettings.builder(), KlPlacement.BOTH)).isEqualTo(KlPenalty.k3(0.1));
        assertThat(penalty(KlSettings.builder(), KlPlacement.REWARD)).isEqualTo(KlPenalty.none());
        assertThat(KlSettings.builder().build().rewardEstimator()).isEqualTo(KlEstimators.K1);
    }

    @Test
    void penalty_ofAnEstimator_isMultipliedByRatiosWhereItsGradientNeedsThem() {
        for (KlEstimators estimator : KlEstimators.values()) {
            KlSettingsBuilder settings = KlSettings.builder().klEstimator(estimator);
            boolean corrects = estimator == KlEstimators.K1 || estimator == KlEstimators.K3;
            assertThat(penalty(settings, KlPlacement.LOSS)).isEqualTo(new KlPenalty(0.1, estimator, corrects));
            assertThat(settings.build().rewardEstimator()).isEqualTo(estimator);
        }
        assertThat(penalty(KlSettings.builder().useBiasCorrectionKl(false), KlPlacement.LOSS))
                .isEqualTo(new KlPenalty(0.1, KlEstimators.K3, false));
        assertThat(penalty(
                        KlSettings.builder().klEstimator(KlEstimators.K2).useBiasCorrectionKl(true), KlPlacement.BOTH))
                .isEqualTo(new KlPenalty(0.1, KlEstimators.K2, true));
    }

    @Test
    void placement_both_hasTheWholeCoefficientTwice() {
        assertThat(KlPlacement.BOTH.rewardBeta(0.3)).isEqualTo(0.3);
        assertThat(KlPlacement.BOTH.lossBeta(0.3)).isEqualTo(0.3);
        assertThat(KlPlacement.REWARD.lossBeta(0.3)).isZero();
        assertThat(KlPlacement.LOSS.rewardBeta(0.3)).isZero();
    }

    @Test
    void check_correctionThatHasNoPlace_isRefused() {
        Refusals refusals = Refusals.none();
        KlSettings.builder().useBiasCorrectionKl(true).build().check(0.1, KlPlacement.REWARD, refusals);
        assertThatThrownBy(refusals::throwIfAny)
                .hasMessageContaining("use_bias_correction_kl")
                .hasMessageContaining("only in the reward");
        Refusals twice = Refusals.none();
        KlSettings.builder()
                .klEstimator(KlEstimators.K3_PLUS)
                .useBiasCorrectionKl(true)
                .build()
                .check(0.1, KlPlacement.LOSS, twice);
        assertThatThrownBy(twice::throwIfAny).hasMessageContaining("kl_estimator k3+");
        Refusals none = Refusals.none();
        KlSettings.builder().useBiasCorrectionKl(true).build().check(0.1, KlPlacement.BOTH, none);
        none.throwIfAny();
    }
}
