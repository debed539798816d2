package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.known.KnownRows;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.WatchKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.reward.RewardSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code reward}. */
public record RewardConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Held out") HeldOutKeys heldOut,

        @Key(
                help = "column of the rows for held-out accuracy by subset",
                defaultText = "subset or source",
                effect = KeyEffect.REVISABLE)
        @Nullable
        String subsetColumn,

        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") RewardSettings loss,

        @Group(title = "Training", defaults = "learning_rate=1e-4")
        TrainConfig training,

        @Group(title = "Trackers and meters") WatchKeys watch,
        @Group(title = "Learners") LearnersKeys learners,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasTrackers, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        KnownRows.checkHeldOut(heldOut.evalRows(), data.data(), data.maxRows(), checks);
        heldOut.checkUse(training.evaluation(), checks);
        if (subsetColumn != null && !heldOut.isGiven()) {
            checks.refuse("subset_column", "expected none without eval_data and eval_rows, found " + subsetColumn);
        }
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
