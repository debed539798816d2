package ai.preceptor.policy.kl;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The KL to the reference, a group of {@code PolicySettings}.
 *
 * @param beta its coefficient, 0 or more; null for the algorithm's
 * @param klEstimator how it is estimated; null for k1 in the reward, k3 in the loss
 * @param klPlacement whether it is in the reward, in the loss or in both; null for the algorithm's
 * @param useBiasCorrectionKl whether ratios multiply the estimates in the loss; null for yes with k1 and k3, whose gradient
 *     is that of the KL only then
 * @param klTarget KL in nats per answer that an adaptive {@code beta} aims at; null for a fixed one
 * @param klHorizon answers over which an adaptive {@code beta} corrects itself, 1 or more
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record KlSettings(
        @Key(
                help = "coefficient of the KL to the reference",
                defaultText = "rloo, remax, ppo and reinforce_plus_plus: 0.05; others: 0",
                range = "[0, 1e9)")
        @Nullable
        Double beta,

        @Key(
                help = "KL estimator; k3+ has the value of k3 and the gradient of k2",
                defaultText = "k1 in the reward, k3 in the loss")
        @Nullable
        KlEstimators klEstimator,

        @Key(
                help = "where the KL is applied: reward, loss, or both",
                defaultText = "grpo, reinforce_plus_plus_baseline and opd: loss; others: reward")
        @Nullable
        KlPlacement klPlacement,

        @Key(help = "whether to multiply the KL in the loss by the ratios", defaultText = "true with k1 and k3")
        @Nullable
        Boolean useBiasCorrectionKl,

        @Key(help = "target KL of an adaptive beta, in nats per answer", range = "(0, 1e9)") @Nullable
        Double klTarget,

        @Key(help = "horizon of an adaptive beta, in answers", defaultValue = "10000", range = "[1, inf)")
        int klHorizon) {

    /** Starts from the defaults. */
    public static KlSettingsBuilder builder() {
        return KlSettingsBuilder.builder(new DefaultSettings<>(KlSettings.class).make());
    }

    /**
     * Refuses values that do not fit together.
     *
     * @param start the coefficient at the start, resolved
     * @param placement where it is, resolved
     */
    public void check(double start, KlPlacement placement, Checks checks) {
        if (useBiasCorrectionKl != null && !placement.isInLoss()) {
            checks.refuse(
                    "use_bias_correction_kl",
                    "expected nothing where the KL is only in the reward, found " + useBiasCorrectionKl);
        }
        if (Boolean.TRUE.equals(useBiasCorrectionKl) && klEstimator == KlEstimators.K3_PLUS) {
            checks.refuse(
                    "use_bias_correction_kl",
                    "expected false with kl_estimator k3+, whose gradient is the KL's already, found true");
        }
        if (klTarget != null && !(start > 0)) {
            checks.refuse("kl_target", "expected nothing where beta is 0, found " + klTarget);
        }
        int unused = builder().build().klHorizon;
        if (klTarget == null && klHorizon != unused) {
            checks.refuse("kl_horizon", "expected " + unused + " without kl_target, found " + klHorizon);
        }
    }

    /**
     * Refuses what has no effect where no reference is kept.
     *
     * @param kept whether one is
     */
    public void checkUse(boolean kept, Checks checks) {
        if (!kept) {
            refuseUnread("kl_estimator", klEstimator, checks);
            refuseUnread("kl_placement", klPlacement, checks);
            refuseUnread("use_bias_correction_kl", useBiasCorrectionKl, checks);
        }
    }

    private static void refuseUnread(String key, @Nullable Object given, Checks checks) {
        if (given != null) {
            checks.refuse(
                    key, "expected nothing where beta is 0, since no reference is kept, found " + KeyName.shown(given));
        }
    }

    /** How each token's KL is estimated in the reward. */
    public KlEstimator rewardEstimator() {
        return klEstimator == null ? KlEstimators.K1 : klEstimator;
    }

    /**
     * The loss's term; none where the KL is only in the reward.
     *
     * @param start the coefficient at the start, resolved
     * @param placement where it is, resolved
     */
    public KlPenalty penalty(double start, KlPlacement placement) {
        if (!placement.isInLoss()) {
            return KlPenalty.none();
        }
        KlEstimators estimator = klEstimator == null ? KlEstimators.K3 : klEstimator;
        boolean corrects = estimator == KlEstimators.K1 || estimator == KlEstimators.K3;
        return new KlPenalty(start, estimator, useBiasCorrectionKl == null ? corrects : useBiasCorrectionKl);
    }

    /** What steers the coefficient from {@code start} on. */
    public KlController controller(double start) {
        return klTarget == null ? new KlController.Fixed(start) : new KlController.Adaptive(start, klTarget, klHorizon);
    }
}
