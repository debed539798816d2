package ai.preceptor.policy.loss;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.policy.kl.KlPenalty;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of what a policy loss makes of ratios, a group of {@code PolicySettings}.
 *
 * @param epsilon how far a ratio may fall (GMPO: its logarithm), in (0, 1]; null for 0.2, GMPO 0.4. Not read by SAPO, CISPO
 *     and VESPO
 * @param epsilonHigh how far it may rise, above 0; null for {@code epsilon}. CISPO: the largest ratio itself; null for 5. Not
 *     read by SAPO and VESPO
 * @param delta largest ratio that counts for a negative advantage, above {@code 1 + epsilonHigh}; null for no bound
 * @param importanceSamplingLevel on what the ratio is taken; null for the loss's own
 * @param sapoTemperaturePos SAPO's temperature for positive advantages, above 0
 * @param sapoTemperatureNeg SAPO's temperature for the others, above 0
 * @param vespoKPos VESPO's power for advantages of 0 or more, 0 or more
 * @param vespoLambdaPos VESPO's decay for them, 0 or more
 * @param vespoKNeg VESPO's power for negative advantages, 0 or more
 * @param vespoLambdaNeg VESPO's decay for them, 0 or more
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record ClipSettings(
        @Key(
                help = "lower clipping bound: ratios below 1 - epsilon are clipped; gmpo: bound of the log-ratio",
                defaultText = "0.2, gmpo 0.4",
                range = "(0, 1]")
        @Nullable
        Double epsilon,

        @Key(
                help = "upper clipping bound: ratios above 1 + epsilon_high are clipped",
                defaultText = "epsilon; cispo: the largest ratio, default 5",
                range = "(0, 1e9)")
        @Nullable
        Double epsilonHigh,

        @Key(help = "upper bound of the ratio for negative advantages", range = "(1, 1e9)") @Nullable
        Double delta,

        @Key(
                help = "level of the ratio: token, geometric mean over an answer's tokens (sequence), or their "
                        + "product (sequence_sum)",
                defaultText = "that of loss_type")
        @Nullable
        ImportanceSamplingLevel importanceSamplingLevel,

        @Key(help = "sapo: temperature for positive advantages", defaultValue = "1.0", range = "(0, 1e9)")
        double sapoTemperaturePos,

        @Key(help = "sapo: temperature for the other advantages", defaultValue = "1.05", range = "(0, 1e9)")
        double sapoTemperatureNeg,

        @Key(help = "vespo: power of the weight, for advantages of 0 or more", defaultValue = "2.0", range = "[0, 1e9)")
        double vespoKPos,

        @Key(help = "vespo: decay of the weight, for advantages of 0 or more", defaultValue = "3.0", range = "[0, 1e9)")
        double vespoLambdaPos,

        @Key(help = "vespo: power of the weight, for negative advantages", defaultValue = "3.0", range = "[0, 1e9)")
        double vespoKNeg,

        @Key(help = "vespo: decay of the weight, for negative advantages", defaultValue = "2.0", range = "[0, 1e9)")
        double vespoLambdaNeg) {

    private static final double EPSILON = 0.2;
    private static final double LOG_EPSILON = 0.4;
    private static final double LARGEST_WEIGHT = 5;

    /** Starts from the defaults. */
    public static ClipSettingsBuilder builder() {
        return ClipSettingsBuilder.builder(new DefaultSettings<>(ClipSettings.class).make());
    }

    /** Refuses values that do not fit together, or that the loss has no use for. */
    public void check(PolicyLossType type, Checks checks) {
        if (delta != null && !type.isBounded()) {
            checks.refuse("delta", "expected a loss_type that clips ratios, found loss_type " + word(type));
        } else if (delta != null && !(delta > 1 + rise(EPSILON))) {
            checks.refuse("delta", "expected more than 1 + epsilon_high = " + (1 + rise(EPSILON)) + ", found " + delta);
        }
        if (importanceSamplingLevel != null && !type.hasLevels()) {
            checks.refuse(
                    "importance_sampling_level",
                    "expected nothing with loss_type " + word(type) + ", which has its own, found "
                            + word(importanceSamplingLevel));
        }
        if (!type.readsEpsilon()) {
            refuseUnread("epsilon", EPSILON, fall(EPSILON), type, checks);
        }
        if (!type.readsEpsilonHigh()) {
            refuseUnread("epsilon_high", EPSILON, epsilonHigh == null ? EPSILON : epsilonHigh, type, checks);
        }
        ClipSettings unused = builder().build();
        if (type != PolicyLossType.SAPO) {
            refuseUnread("sapo_temperature_pos", unused.sapoTemperaturePos, sapoTemperaturePos, type, checks);
            refuseUnread("sapo_temperature_neg", unused.sapoTemperatureNeg, sapoTemperatureNeg, type, checks);
        }
        if (type != PolicyLossType.VESPO) {
            refuseUnread("vespo_k_pos", unused.vespoKPos, vespoKPos, type, checks);
            refuseUnread("vespo_lambda_pos", unused.vespoLambdaPos, vespoLambdaPos, type, checks);
            refuseUnread("vespo_k_neg", unused.vespoKNeg, vespoKNeg, type, checks);
            refuseUnread("vespo_lambda_neg", unused.vespoLambdaNeg, vespoLambdaNeg, type, checks);
        }
    }

    private static void refuseUnread(String key, double usual, double found, PolicyLossType type, Checks checks) {
        if (found != usual) {
            checks.refuse(
                    key,
                    "expected " + usual + " with loss_type " + word(type) + ", which does not read it, found " + found);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private double fall(double byDefault) {
        return epsilon == null ? byDefault : epsilon;
    }

    private double rise(double byDefault) {
        return epsilonHigh == null ? fall(byDefault) : epsilonHigh;
    }

    /** The bounds. */
    public RatioClip ratioClip() {
        return new RatioClip(fall(EPSILON), rise(EPSILON), delta == null ? Double.POSITIVE_INFINITY : delta);
    }

    /** SAPO's gate. */
    SoftGate softGate() {
        return new SoftGate(sapoTemperaturePos, sapoTemperatureNeg);
    }

    /** CISPO's weights. */
    CappedRatio cappedRatio(RatioLevel level) {
        return new CappedRatio(level, epsilonHigh == null ? LARGEST_WEIGHT : epsilonHigh);
    }

    /** VESPO's weights. */
    GammaWeight gammaWeight() {
        return new GammaWeight(
                new GammaWeight.Shape(vespoKPos, vespoLambdaPos), new GammaWeight.Shape(vespoKNeg, vespoLambdaNeg));
    }

    /** GMPO. */
    GeometricMeanLoss geometricMean(KlPenalty kl) {
        return new GeometricMeanLoss(fall(LOG_EPSILON), rise(LOG_EPSILON), kl);
    }
}
