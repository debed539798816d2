package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Section;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.schedule.LearningRateSchedule;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;
import org.jspecify.annotations.Nullable;

/** How a run trains, under the names of transformers and TRL; see {@link TrainConfig} for what each means. */
public record TrainingKeys(
        @Key(help = "rows that go through the model together", standard = "8", range = "[1, inf)")
        int batchSize,

        @Key(help = "such batches of an optimizer step", standard = "1", range = "[1, inf)")
        int gradientAccumulationSteps,

        @Key(help = "passes over the rows, may be a fraction", standard = "3", range = "(0, 1e9)")
        double numTrainEpochs,

        @Key(help = "optimizer steps of the run; wins over num_train_epochs", range = "[1, inf)") @Nullable
        Integer maxSteps,

        @Key(help = "peak learning rate", standard = "5e-5", range = "(0, inf)")
        double learningRate,

        @Key(help = "shape of the learning rate over the run", standard = "linear")
        LrSchedulerType lrSchedulerType,

        @Section(help = "fine print of lr_scheduler_type") @Nullable
        ScheduleKeys lrSchedulerKwargs,

        @Key(help = "optimizer steps of warm-up", standard = "0", range = "[0, inf)")
        int warmupSteps,

        @Key(help = "warm-up as a share of the run, instead of warmup_steps", standard = "0", range = "[0, 1)")
        double warmupRatio,

        @Key(help = "decoupled weight decay of matrices", standard = "0", range = "[0, 1e9)")
        double weightDecay,

        @Key(help = "AdamW: decay of the first moment", standard = "0.9", range = "[0, 1)")
        double adamBeta1,

        @Key(help = "AdamW: decay of the second moment", standard = "0.999", range = "[0, 1)")
        double adamBeta2,

        @Key(help = "AdamW: added to the root of the second moment", standard = "1e-8", range = "(0, 1)")
        double adamEpsilon,

        @Key(help = "norm the gradient is cut down to, 0 for no clipping", standard = "1", range = "[0, 1e30)")
        double maxGradNorm,

        @Key(help = "most tokens of a prompt with one of its answers", standard = "1024", range = "[2, inf)")
        int maxLength,

        @Key(help = "what a longer row does: be left out and counted, or end the run", standard = "drop")
        OverLength overLength,

        @Key(help = "steps a console line averages; metrics.jsonl has every step", standard = "10", range = "[1, inf)")
        int loggingSteps,

        @Key(help = "steps between checkpoints, 0 for none", standard = "500", range = "[0, inf)")
        int saveSteps,

        @Key(help = "newest checkpoints that are kept, 0 for all", standard = "0", range = "[0, inf)")
        int saveTotalLimit,

        @Key(help = "seed of the order of the rows and of sampling", standard = "42")
        long seed,

        @Key(help = "whether each epoch has an order of its own", standard = "true")
        boolean shuffle,

        @Key(help = "go on where an earlier run in output stopped", standard = "false")
        boolean resume)
        implements Checked {

    @Override
    public void check(Checks checks) {
        if (warmupSteps > 0 && warmupRatio > 0) {
            checks.refuse(
                    "warmup_ratio",
                    "expected 0 when warmup_steps is given (" + warmupSteps + "), found " + warmupRatio);
        }
        if (maxSteps != null && warmupSteps > maxSteps) {
            checks.refuse("warmup_steps", "expected at most max_steps " + maxSteps + ", found " + warmupSteps);
        }
        // A legal stand-in keeps this from repeating what was said of the rate or the warm-up themselves.
        double rate = learningRate > 0 ? learningRate : 1;
        int warmup = warmupSteps > 0 || warmupRatio > 0 ? 1 : 0;
        LearningRateSchedule.problems(lrSchedulerType, shape(), rate, warmup)
                .forEach(problem -> checks.refuse("lr_scheduler_type", problem));
    }

    private ScheduleShape shape() {
        return lrSchedulerKwargs == null ? ScheduleShape.defaults() : lrSchedulerKwargs.shape();
    }

    /** As the loop takes it. */
    public TrainConfig config() {
        return TrainConfig.builder()
                .batchSize(batchSize)
                .gradientAccumulationSteps(gradientAccumulationSteps)
                .numTrainEpochs(numTrainEpochs)
                .maxSteps(maxSteps == null ? -1 : maxSteps)
                .learningRate(learningRate)
                .lrSchedulerType(lrSchedulerType)
                .lrSchedulerKwargs(shape())
                .warmupSteps(warmupSteps)
                .warmupRatio(warmupRatio)
                .weightDecay(weightDecay)
                .adamBeta1(adamBeta1)
                .adamBeta2(adamBeta2)
                .adamEpsilon(adamEpsilon)
                .maxGradNorm(maxGradNorm)
                .maxLength(maxLength)
                .overLength(overLength)
                .loggingSteps(loggingSteps)
                .saveSteps(saveSteps)
                .saveTotalLimit(saveTotalLimit)
                .seed(seed)
                .shuffle(shuffle)
                .resume(resume)
                .build();
    }
}
