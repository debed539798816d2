package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code reward}. */
public record RewardConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Held out") HeldOutKeys heldOut,

        @Key(help = "column of the rows for held-out accuracy by subset; default: subset or source") @Nullable
        String subsetColumn,

        @Group(title = "Run") OutputKeys output,
        @Group(title = "Loss") RewardLossKeys loss,

        @Group(title = "Training", defaults = "learning_rate=1e-4")
        TrainConfig training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, TrainsStudent {
    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }

    /** What a reward model learns by. */
    public record RewardLossKeys(
            @Key(
                    help = "loss on a ranked group: all its pairs, or the likelihood of its order; equal for pairs",
                    defaultValue = "bradley_terry")
            RewardLossType lossType,

            @Key(
                    help = "weight of a penalty on rewards that drift from 0 (0.01 is usual)",
                    defaultValue = "0",
                    range = "[0, inf)")
            double centerRewardsCoefficient,

            @Key(help = "initialization of the scalar head if the model has none", defaultValue = "zeros")
            HeadInit initHead,

            @Key(
                    help = "number of scalar heads on one trunk (an ensemble); more than one needs init_head=normal",
                    defaultValue = "1",
                    range = "[1, 64]")
            int ensembleSize)
            implements Checked {
        @Override
        public void check(Checks checks) {
            if (ensembleSize > 1 && initHead == HeadInit.ZEROS) {
                checks.refuse(
                        "init_head",
                        "expected normal with an ensemble_size of " + ensembleSize
                                + ", whose heads would be equal and stay equal, found zeros");
            }
        }

        /** What a model without a head gets. */
        public NewHeads heads(long seed) {
            return new NewHeads(ensembleSize, initHead, seed);
        }
    }
}
