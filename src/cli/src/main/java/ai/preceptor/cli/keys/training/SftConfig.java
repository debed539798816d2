package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.cli.keys.known.KnownRows;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.WatchKeys;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.distill.LearntTokens;
import ai.preceptor.distill.SftLossType;
import ai.preceptor.tinker.TinkerSettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code sft}. */
public record SftConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,

        @Group(title = "Loss") LearntTokens learnt,

        @Key(
                help = "loss of a token: its negative log-probability, or that times its probability",
                defaultValue = "nll")
        SftLossType lossType,

        @Group(title = "Training", defaults = "learning_rate=2e-5")
        TrainConfig training,

        @Group(title = "Trackers and meters") WatchKeys watch,
        @Group(title = "Learners") LearnersKeys learners,
        @Group(title = "Training service") TinkerSettings service,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasTrackers, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        lora.checkService(service, student, learners, checks);
        KnownRows.checkHeldOut(heldOut.evalRows(), data.data(), data.maxRows(), checks);
        heldOut.checkUse(training.evaluation(), checks);
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
