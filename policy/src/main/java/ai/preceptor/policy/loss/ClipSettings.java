package ai.preceptor.policy.loss;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of what a policy loss makes of ratios, a group of {@code PolicySettings}.
 *
 * @param epsilon how far a ratio may fall, in (0, 1]
 * @param epsilonHigh how far it may rise, above 0; null for {@code epsilon}
 * @param delta largest ratio that counts for a negative advantage, above {@code 1 + epsilonHigh}; null for no bound
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record ClipSettings(
        @Key(
                help = "lower clipping bound: ratios below 1 - epsilon are clipped",
                defaultValue = "0.2",
                range = "(0, 1]")
        double epsilon,

        @Key(
                help = "upper clipping bound: ratios above 1 + epsilon_high are clipped; default: epsilon",
                range = "(0, 1e9)")
        @Nullable
        Double epsilonHigh,

        @Key(help = "upper bound of the ratio for negative advantages; default: none", range = "(1, 1e9)") @Nullable
        Double delta) {

    /** Starts from the defaults. */
    public static ClipSettingsBuilder builder() {
        return ClipSettingsBuilder.builder(new DefaultSettings<>(ClipSettings.class).make());
    }

    /** Refuses values that do not fit together. */
    public void check(Checks checks) {
        if (delta != null && !(delta > 1 + rise())) {
            checks.refuse("delta", "expected more than 1 + epsilon_high = " + (1 + rise()) + ", found " + delta);
        }
    }

    private double rise() {
        return epsilonHigh == null ? epsilon : epsilonHigh;
    }

    /** The bounds. */
    public RatioClip ratioClip() {
        return new RatioClip(epsilon, rise(), delta == null ? Double.POSITIVE_INFINITY : delta);
    }
}
