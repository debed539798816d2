package ai.preceptor.train;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.data.setting.Section;
import ai.preceptor.train.evaluation.EvaluationSettings;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.run.RunSpec;
import ai.preceptor.train.schedule.LearningRateSchedule;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run trains, under the names that transformers and TRL give these settings ({@code batchSize} is the key
 * {@code batch_size}, TRL's {@code per_device_train_batch_size}). The annotations are the one home of defaults, ranges and
 * help texts.
 *
 * @param batchSize rows that go through the model together, {@code >= 1}
 * @param gradientAccumulationSteps micro-batches of an optimizer step, {@code >= 1}; a step covers {@code batchSize}
 *     times as many rows
 * @param numTrainEpochs passes over the rows, {@code > 0}, may be a fraction; without effect when {@code maxSteps} is
 *     given
 * @param maxSteps optimizer steps of the run, {@code >= 1}; null to go by {@code numTrainEpochs}
 * @param learningRate peak learning rate, {@code > 0}
 * @param lrSchedulerType shape of the learning rate over the run
 * @param lrSchedulerKwargs options of that shape; null for transformers' defaults
 * @param warmupSteps optimizer steps of warm-up, {@code >= 0}
 * @param warmupRatio the same as a share of the run in [0, 1), rounded up; not together with {@code warmupSteps}
 * @param weightDecay decoupled weight decay, {@code >= 0}
 * @param adamBeta1 decay of the first moment, in [0, 1)
 * @param adamBeta2 decay of the second moment, in [0, 1)
 * @param adamEpsilon added to the root of the second moment, {@code > 0}
 * @param maxGradNorm norm that the gradient of a step is cut down to, {@code > 0}, or 0 for no clipping
 * @param maxLength most tokens of a prompt with one of its answers, {@code >= 2}; longer rows are never cut
 * @param overLength what happens to a longer row
 * @param loggingSteps steps over which a console line averages, {@code >= 1}; the file has a line for every step
 * @param saveSteps steps between checkpoints, {@code >= 1}, or 0 for none but after an interruption or a failure, and of the
 *     best evaluation
 * @param saveTotalLimit newest checkpoints that are kept beside that of the best evaluation, or 0 for all
 * @param seed of the order of the rows
 * @param shuffle whether each epoch walks the rows in an order of its own
 * @param resume whether to continue where an earlier process stopped
 * @param evaluation when it is evaluated on held-out rows, and what follows
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record TrainConfig(
        @Key(help = "rows per micro-batch", defaultValue = "8", range = "[1, inf)")
        int batchSize,

        @Key(help = "micro-batches per optimizer step", defaultValue = "1", range = "[1, inf)")
        int gradientAccumulationSteps,

        @Key(
                help = "epochs over the rows; may be a fraction",
                defaultValue = "3",
                range = "(0, 1e9)",
                effect = KeyEffect.REVISABLE)
        double numTrainEpochs,

        @Key(
                help = "optimizer steps of the run; overrides num_train_epochs",
                defaultText = "those of num_train_epochs",
                range = "[1, inf)",
                effect = KeyEffect.REVISABLE)
        @Nullable
        Integer maxSteps,

        @Key(help = "peak learning rate", defaultValue = "5e-5", range = "(0, inf)")
        double learningRate,

        @Key(help = "learning rate schedule", defaultValue = "linear")
        LrSchedulerType lrSchedulerType,

        @Section(help = "options of lr_scheduler_type") @Nullable
        ScheduleShape lrSchedulerKwargs,

        @Key(help = "optimizer steps of warm-up", defaultValue = "0", range = "[0, inf)")
        int warmupSteps,

        @Key(
                help = "warm-up as a fraction of the run; alternative to warmup_steps",
                defaultValue = "0",
                range = "[0, 1)")
        double warmupRatio,

        @Key(help = "decoupled weight decay of matrices", defaultValue = "0", range = "[0, 1e9)")
        double weightDecay,

        @Key(help = "AdamW: decay of the first moment", defaultValue = "0.9", range = "[0, 1)")
        double adamBeta1,

        @Key(help = "AdamW: decay of the second moment", defaultValue = "0.999", range = "[0, 1)")
        double adamBeta2,

        @Key(help = "AdamW: constant added to the root of the second moment", defaultValue = "1e-8", range = "(0, 1)")
        double adamEpsilon,

        @Key(help = "maximum gradient norm; 0 disables clipping", defaultValue = "1", range = "[0, 1e30)")
        double maxGradNorm,

        @Key(help = "maximum tokens of a prompt plus one answer", defaultValue = "1024", range = "[2, inf)")
        int maxLength,

        @Key(help = "rows over max_length: drop and count them, or stop", defaultValue = "drop")
        OverLength overLength,

        @Key(
                help = "steps per console line; metrics.jsonl has every step",
                defaultValue = "10",
                range = "[1, inf)",
                effect = KeyEffect.NONE)
        int loggingSteps,

        @Key(
                help = "steps between checkpoints; 0 disables them",
                defaultValue = "500",
                range = "[0, inf)",
                effect = KeyEffect.NONE)
        int saveSteps,

        @Key(
                help = "number of newest checkpoints to keep, in addition to the best; 0 keeps all",
                defaultValue = "2",
                range = "[0, inf)",
                effect = KeyEffect.NONE)
        int saveTotalLimit,

        @Key(help = "seed for the order of the rows and for sampling", defaultValue = "42")
        long seed,

        @Key(help = "shuffle rows in each epoch", defaultValue = "true")
        boolean shuffle,

        @Key(help = "continue an earlier run in output", defaultValue = "false", effect = KeyEffect.NONE)
        boolean resume,

        @Group(title = "Evaluation during the run") EvaluationSettings evaluation) {

    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public TrainConfig {
        Refusals refusals = Refusals.of(
                TrainConfig.class,
                batchSize,
                gradientAccumulationSteps,
                numTrainEpochs,
                maxSteps,
                learningRate,
                lrSchedulerType,
                lrSchedulerKwargs,
                warmupSteps,
                warmupRatio,
                weightDecay,
                adamBeta1,
                adamBeta2,
                adamEpsilon,
                maxGradNorm,
                maxLength,
                overLength,
                loggingSteps,
                saveSteps,
                saveTotalLimit,
                seed,
                shuffle,
                resume,
                evaluation);
        if (warmupSteps > 0 && warmupRatio > 0) {
            refusals.refuse(
                    "warmup_ratio",
                    "expected 0 when warmup_steps is given (" + warmupSteps + "), found " + warmupRatio);
        }
        if (maxSteps != null && !refusals.concern("max_steps") && warmupSteps > maxSteps) {
            refusals.refuse("warmup_steps", "expected at most max_steps " + maxSteps + ", found " + warmupSteps);
        }
        // A legal stand-in avoids a second report about the rate or the warm-up.
        double rate = refusals.concern("learning_rate") ? 1 : learningRate;
        int warmup = warmupSteps > 0 || warmupRatio > 0 ? Math.max(1, warmupSteps) : 0;
        List<String> schedule = LearningRateSchedule.problems(lrSchedulerType, shape(lrSchedulerKwargs), rate, warmup);
        if (!schedule.isEmpty()) {
            refusals.refuse("lr_scheduler_type", String.join("; ", schedule));
        }
        refusals.throwIfAny();
    }

    private static ScheduleShape shape(@Nullable ScheduleShape given) {
        return given == null ? ScheduleShape.defaults() : given;
    }

    /** Everything at its default. */
    public static TrainConfig defaults() {
        return new DefaultSettings<>(TrainConfig.class).make();
    }

    /** Starts from the defaults. */
    public static TrainConfigBuilder builder() {
        return TrainConfigBuilder.builder(defaults());
    }

    /**
     * Optimizer steps of the run.
     *
     * @param stepsPerEpoch of the rows; 0 for an endless source
     * @throws ConfigurationException when the source is endless and {@code max_steps} is not given
     */
    public int totalSteps(int stepsPerEpoch) {
        if (maxSteps != null) {
            return maxSteps;
        }
        if (stepsPerEpoch < 1) {
            throw new ConfigurationException("max_steps is not given; rows that never end need 1 or more");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(numTrainEpochs * stepsPerEpoch));
    }

    /** The learning rate over a run of {@code totalSteps} optimizer steps. */
    public LearningRateSchedule schedule(int totalSteps) {
        int warmup = warmupSteps > 0 ? warmupSteps : (int) Math.ceil(totalSteps * warmupRatio);
        return new LearningRateSchedule(lrSchedulerType, shape(lrSchedulerKwargs), learningRate, warmup, totalSteps);
    }

    /**
     * The run's directory according to these settings.
     *
     * @param yaml text of {@code config.yaml}
     * @param stage keys and values that also identify the run: model, data, objective and its settings
     */
    public RunSpec runSpec(String yaml, Map<String, String> stage) {
        Map<String, String> identity = new LinkedHashMap<>(stage);
        identity.putAll(identity());
        return new RunSpec(yaml, identity, Map.of(), resume, saveTotalLimit, maxSteps);
    }

    /** The settings that a resumed run must share with the run it goes on with. */
    Map<String, String> identity() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("batch_size", Integer.toString(batchSize));
        keys.put("gradient_accumulation_steps", Integer.toString(gradientAccumulationSteps));
        keys.put("learning_rate", Double.toString(learningRate));
        keys.put("lr_scheduler_type", lrSchedulerType.key());
        keys.put("lr_scheduler_kwargs", shape(lrSchedulerKwargs).identity());
        keys.put("warmup_steps", Integer.toString(warmupSteps));
        keys.put("warmup_ratio", Double.toString(warmupRatio));
        keys.put("weight_decay", Double.toString(weightDecay));
        keys.put("adam_beta1", Double.toString(adamBeta1));
        keys.put("adam_beta2", Double.toString(adamBeta2));
        keys.put("adam_epsilon", Double.toString(adamEpsilon));
        keys.put("max_grad_norm", Double.toString(maxGradNorm));
        keys.put("max_length", Integer.toString(maxLength));
        keys.put("over_length", overLength.key());
        keys.put("seed", Long.toString(seed));
        keys.put("shuffle", Boolean.toString(shuffle));
        return keys;
    }
}
