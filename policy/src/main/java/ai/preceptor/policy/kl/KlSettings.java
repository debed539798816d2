package ai.preceptor.policy.kl;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The KL to the reference, a group of {@code PolicySettings}.
 *
 * @param beta its coefficient, 0 or more; null for the algorithm's
 * @param klPlacement whether it is in the reward or in the loss; null for the algorithm's
 * @param klTarget KL in nats per answer that an adaptive {@code beta} aims at; null for a fixed one
 * @param klHorizon answers over which an adaptive {@code beta} corrects itself, 1 or more
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record KlSettings(
        @Key(help = "coefficient of the KL to the initial policy; default: rloo, ppo 0.05, grpo 0", range = "[0, 1e9)")
        @Nullable
        Double beta,

        @Key(help = "where the KL is applied: k1 in the reward, or k3 in the loss; default: reward, for grpo loss")
        @Nullable
        KlPlacement klPlacement,

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
     */
    public void check(double start, Checks checks) {
        if (klTarget != null && !(start > 0)) {
            checks.refuse("kl_target", "expected nothing where beta is 0, found " + klTarget);
        }
    }

    /** What steers the coefficient from {@code start} on. */
    public KlController controller(double start) {
        return klTarget == null ? new KlController.Fixed(start) : new KlController.Adaptive(start, klTarget, klHorizon);
    }
}
