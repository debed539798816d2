package ai.preceptor.policy.entropy;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * The policy's entropy, a group of {@code PolicySettings}; TRL's names and defaults.
 *
 * @param topEntropyQuantile share of the tokens of a step that are learnt from, those of highest entropy, in (0, 1]
 * @param entropyCoef coefficient of the mean entropy that the loss is lowered by; the start of an adaptive one
 * @param useAdaptiveEntropy whether the coefficient follows the entropy
 * @param entropyTarget entropy that an adaptive coefficient aims at, in nats a token, 0 or more
 * @param entropyCoefDelta step of an adaptive coefficient, above 0
 * @param entropyCoefMin smallest adaptive coefficient
 * @param entropyCoefMax largest adaptive coefficient
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record EntropySettings(
        @Key(help = "fraction of tokens to train on, by highest entropy", defaultValue = "1", range = "(0, 1]")
        double topEntropyQuantile,

        @Key(help = "coefficient of an entropy bonus in the loss", defaultValue = "0", range = "(-1e9, 1e9)")
        double entropyCoef,

        @Key(help = "adapt entropy_coef to the entropy of the answers", defaultValue = "false")
        boolean useAdaptiveEntropy,

        @Key(
                help = "target entropy of an adaptive entropy_coef, in nats per token",
                defaultValue = "0.2",
                range = "[0, 1e9)")
        double entropyTarget,

        @Key(help = "step of an adaptive entropy_coef", defaultValue = "0.005", range = "(0, 1e9)")
        double entropyCoefDelta,

        @Key(help = "minimum of an adaptive entropy_coef", defaultValue = "0", range = "(-1e9, 1e9)")
        double entropyCoefMin,

        @Key(help = "maximum of an adaptive entropy_coef", defaultValue = "1", range = "(-1e9, 1e9)")
        double entropyCoefMax) {

    /** Starts from the defaults. */
    public static EntropySettingsBuilder builder() {
        return EntropySettingsBuilder.builder(new DefaultSettings<>(EntropySettings.class).make());
    }

    /** Refuses values that do not fit together. */
    public void check(Checks checks) {
        if (!useAdaptiveEntropy) {
            EntropySettings unused = builder().build();
            refuseUnread("entropy_target", unused.entropyTarget, entropyTarget, checks);
            refuseUnread("entropy_coef_delta", unused.entropyCoefDelta, entropyCoefDelta, checks);
            refuseUnread("entropy_coef_min", unused.entropyCoefMin, entropyCoefMin, checks);
            refuseUnread("entropy_coef_max", unused.entropyCoefMax, entropyCoefMax, checks);
            return;
        }
        if (entropyCoefMin > entropyCoefMax) {
            checks.refuse(
                    "entropy_coef_min",
                    "expected at most entropy_coef_max " + entropyCoefMax + ", found " + entropyCoefMin);
        } else if (!(entropyCoef >= entropyCoefMin && entropyCoef <= entropyCoefMax)) {
            checks.refuse(
                    "entropy_coef",
                    "expected entropy_coef_min to entropy_coef_max, [" + entropyCoefMin + ", " + entropyCoefMax
                            + "], found " + entropyCoef);
        }
    }

    private static void refuseUnread(String key, double usual, double found, Checks checks) {
        if (found != usual) {
            checks.refuse(key, "expected " + usual + " without use_adaptive_entropy, found " + found);
        }
    }

    /** What steers the coefficient. */
    public EntropyController controller() {
        return useAdaptiveEntropy
                ? new EntropyController.Adaptive(
                        entropyCoef, entropyTarget, entropyCoefDelta, entropyCoefMin, entropyCoefMax)
                : new EntropyController.Fixed(entropyCoef);
    }

    /** Which tokens are learnt from. */
    public HighEntropyTokens tokens() {
        return new HighEntropyTokens(topEntropyQuantile);
    }

    /** Whether tokens are selected by their entropy. */
    public boolean selects() {
        return topEntropyQuantile < 1;
    }
}
