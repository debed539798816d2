package ai.preceptor.policy.correction;

import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import io.soabase.recordbuilder.core.RecordBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What is done about answers that another distribution sampled, a group of {@code PolicySettings}.
 *
 * @param recomputeOldLogps whether the old log-probabilities are recomputed by the learner's kernels, for one more
 *     forward pass, instead of taken from the sampler; null for yes in bfloat16 only, where the two round so differently
 *     (0.03 nats a token with a model of 135 million parameters) that whole answers clip without any learning
 * @param importanceSamplingMode of what the weights are taken that correct for the difference of recomputed and sampler's
 *     log-probabilities; without recomputation both are one, and the ratio of the loss corrects for it
 * @param importanceSamplingClipMax upper bound of a weight, above 0
 * @param importanceSamplingClipMin lower bound, in [0, max); null for none
 * @param offPolicyMaskThreshold nats a token, above 0; null to leave nothing out
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record CorrectionSettings(
        @Key(
                help = "recompute old log-probabilities instead of using the sampler's",
                defaultText = "only in bfloat16, with rollouts, with rollout_url and with top_entropy_quantile below 1")
        @Nullable
        Boolean recomputeOldLogps,

        @Key(
                help = "importance weights of tokens or answers that correct for the difference between recomputed "
                        + "and sampler's log-probabilities",
                defaultValue = "sequence_mask")
        ImportanceSamplingMode importanceSamplingMode,

        @Key(
                help = "maximum importance weight; larger ones are truncated or masked",
                defaultValue = "3",
                range = "(0, 1e9)")
        double importanceSamplingClipMax,

        @Key(help = "minimum importance weight", range = "[0, 1e9)") @Nullable
        Double importanceSamplingClipMin,

        @Key(
                help = "exclude answers of negative advantage whose log-probability fell by more than this "
                        + "since sampling, in nats per token",
                range = "(0, 1e9)")
        @Nullable
        Double offPolicyMaskThreshold) {

    /** Starts from the defaults. */
    public static CorrectionSettingsBuilder builder() {
        return CorrectionSettingsBuilder.builder(new DefaultSettings<>(CorrectionSettings.class).make());
    }

    /** Refuses values that do not fit together. */
    public void check(Checks checks) {
        if (importanceSamplingClipMin != null && importanceSamplingClipMin >= importanceSamplingClipMax) {
            checks.refuse(
                    "importance_sampling_clip_min",
                    "expected less than importance_sampling_clip_max " + importanceSamplingClipMax + ", found "
                            + importanceSamplingClipMin);
        }
    }

    /**
     * Refuses stale samples whose old log-probabilities are recomputed without a correction: the ratio would start at 1
     * whatever the sampler was.
     *
     * @param maxStaleness optimizer steps that a sample may be behind, 0 or more
     * @param recomputes whether old log-probabilities are recomputed
     */
    public void check(int maxStaleness, boolean recomputes, Checks checks) {
        if (maxStaleness > 0 && recomputes && importanceSamplingMode == ImportanceSamplingMode.NONE) {
            checks.refuse(
                    "importance_sampling_mode",
                    "expected a correction where max_staleness is above 0 and old log-probabilities are recomputed,"
                            + " found none");
        }
    }

    /** The weights. */
    public ImportanceSampling importance() {
        return new ClippedImportance(importanceSamplingMode, importanceSamplingClipMin, importanceSamplingClipMax);
    }

    /** Which answers are left out; null for none. */
    public @Nullable OffPolicyMask mask() {
        return offPolicyMaskThreshold == null ? null : new OffPolicyMask(offPolicyMaskThreshold);
    }
}
