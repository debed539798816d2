package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;
import ai.preceptor.app.config.Key;
import ai.preceptor.app.config.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code rank}. */
public record RankConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") RankLossKeys loss,

        @Key(help = "frozen reference of DPO; the student itself if left out", path = PathKind.MODEL) @Nullable
        Path refModel,

        @Key(help = "compute the reference once before training instead of keeping a second model", standard = "false")
        boolean precomputeRefLogProbs,

        @Group(title = "Training", standards = "learning_rate=1e-6")
        TrainingKeys training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput {
    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
