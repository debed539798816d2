package ai.preceptor.cli.keys;

import ai.preceptor.RankOptions;
import ai.preceptor.data.UserCache;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.ranking.RankingSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code rank}. */
public record RankConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") RankingSettings loss,

        @Key(help = "frozen reference of DPO; default: the initial student", path = PathKind.MODEL) @Nullable
        Path refModel,

        @Key(help = "compute the reference once before training instead of keeping a second model", standard = "false")
        boolean precomputeRefLogProbs,

        @Key(
                help = "where the results of precompute_ref_log_probs are stored for later runs on the same "
                        + "model and rows; default: the user's cache",
                path = PathKind.OUTPUT_DIRECTORY)
        @Nullable
        Path referenceCache,

        @Key(help = "update the reference towards the student periodically (TR-DPO)", standard = "false")
        boolean syncRefModel,

        @Key(help = "weight of the student in the new reference of sync_ref_model", standard = "0.6", range = "[0, 1]")
        double refModelMixupAlpha,

        @Key(help = "steps between two updates of the reference", standard = "512", range = "[1, inf)")
        int refModelSyncSteps,

        @Group(title = "Training", standards = "learning_rate=1e-6")
        TrainConfig training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        if (syncRefModel && lora.enabled()) {
            checks.refuse(
                    "sync_ref_model",
                    "expected false with an adapter, whose reference is the model without it, found true");
        }
        if (syncRefModel && precomputeRefLogProbs) {
            checks.refuse(
                    "sync_ref_model",
                    "expected false with precompute_ref_log_probs, whose results cannot change with the student, found true");
        }
    }

    /** As the library takes it. */
    public RankOptions options() {
        Path cache = referenceCache == null ? UserCache.directory().resolve("reference") : referenceCache;
        RankOptions.Sync sync = syncRefModel ? new RankOptions.Sync(refModelMixupAlpha, refModelSyncSteps) : null;
        return new RankOptions(refModel, precomputeRefLogProbs, cache, sync);
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
