package ai.preceptor.cli.keys.training;

import ai.preceptor.RankOptions;
import ai.preceptor.cli.keys.UnusedKeys;
import ai.preceptor.data.files.UserCache;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.policy.kl.ReferenceSettings;
import ai.preceptor.ranking.RankLossType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The frozen model that a loss of {@code rank} compares with. A key without effect is refused where it is written; at the top
 * of a recipe it is for other stages.
 */
public record RankReferenceKeys(
        @Key(help = "frozen reference of DPO", defaultText = "the initial student", path = PathKind.MODEL) @Nullable
        Path refModel,

        @Key(
                help = "compute the reference once before training instead of keeping a second model",
                defaultValue = "false")
        boolean precomputeRefLogProbs,

        @Key(
                help = "directory for results of precompute_ref_log_probs, which later runs on the same model "
                        + "and rows reuse",
                defaultText = "the user's cache",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path referenceCache,

        @Key(help = "update the reference towards the student periodically (TR-DPO)", defaultValue = "false")
        boolean syncRefModel,

        @Key(
                help = "weight of the student in the new reference of sync_ref_model",
                defaultValue = "0.6",
                range = "[0, 1]")
        double refModelMixupAlpha,

        @Key(help = "steps between updates of the reference", defaultValue = "512", range = "[1, inf)")
        int refModelSyncSteps) {
    private static final String LOSS = "a loss that compares with a reference";
    private static final String PRECOMPUTE = "precompute_ref_log_probs";
    private static final String CACHE = "reference_cache";
    private static final String SYNC = "sync_ref_model";

    /**
     * Keys that the others leave without effect.
     *
     * @param texts what is written for a key of {@code rank}; empty if nothing is
     */
    public static Collection<String> unused(Function<String, List<String>> texts) {
        List<String> losses = texts.apply("loss_type");
        boolean compares = Arrays.stream(RankLossType.values())
                .filter(type -> losses.contains(KeyName.of(type)))
                .anyMatch(RankLossType::needsReference);
        return unused(
                        compares || losses.isEmpty() || !texts.apply("loss").isEmpty(),
                        texts.apply(PRECOMPUTE).equals(List.of("true")),
                        texts.apply(SYNC).equals(List.of("true")))
                .keySet();
    }

    /** Each with what it has an effect with. */
    private static Map<String, String> unused(boolean compares, boolean precomputes, boolean syncs) {
        Map<String, String> unused = new LinkedHashMap<>();
        if (!compares) {
            unused.put("ref_model", LOSS);
            unused.put(PRECOMPUTE, LOSS);
            unused.put(SYNC, LOSS);
        }
        if (!compares || !precomputes) {
            unused.put(CACHE, PRECOMPUTE + "=true");
        }
        if (!compares || !syncs) {
            unused.put("ref_model_mixup_alpha", SYNC + "=true");
            unused.put("ref_model_sync_steps", SYNC + "=true");
        }
        return unused;
    }

    /**
     * Refuses what has no effect or does not fit together.
     *
     * @param compares whether the loss compares with a reference
     * @param adapter whether the student trains an adapter
     */
    void check(boolean compares, boolean adapter, Checks checks) {
        UnusedKeys.refuse(this, unused(compares, precomputeRefLogProbs, syncRefModel), checks);
        if (syncRefModel && adapter) {
            checks.refuse(SYNC, "expected false with an adapter, whose reference is the model without it, found true");
        }
        if (syncRefModel && precomputeRefLogProbs) {
            checks.refuse(
                    SYNC,
                    "expected false with precompute_ref_log_probs, whose results cannot change with the student, found true");
        }
    }

    /** As the library takes it. */
    RankOptions options() {
        Path cache = referenceCache == null ? UserCache.directory().resolve("reference") : referenceCache;
        RankOptions.Sync sync = syncRefModel ? new RankOptions.Sync(refModelMixupAlpha, refModelSyncSteps) : null;
        return new RankOptions(refModel, precomputeRefLogProbs, cache, sync);
    }

    /** As the library takes it where answers are sampled. */
    ReferenceSettings online() {
        return new ReferenceSettings(refModel, syncRefModel, refModelMixupAlpha, refModelSyncSteps, null);
    }
}
