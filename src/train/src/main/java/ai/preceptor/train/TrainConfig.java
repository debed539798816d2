package ai.preceptor.train;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.run.RunSpec;
import ai.preceptor.train.schedule.LearningRateSchedule;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a run trains, under the names that transformers and TRL give these settings ({@code batchSize} is the key
 * {@code batch_size}, TRL's {@code per_device_train_batch_size}). {@link #defaults} and {@link #builder} are the one
 * home of their defaults.
 *
 * @param batchSize rows that go through the model together, {@code >= 1}
 * @param gradientAccumulationSteps micro-batches of an optimizer step, {@code >= 1}; a step covers {@code batchSize}
 *     times as many rows
 * @param numTrainEpochs passes over the rows, {@code > 0}, may be a fraction; without effect when {@code maxSteps} is
 *     given
 * @param maxSteps optimizer steps of the run, {@code >= 1}, or -1 to go by {@code numTrainEpochs}
 * @param learningRate peak learning rate, {@code > 0}
 * @param lrSchedulerType shape of the learning rate over the run
 * @param lrSchedulerKwargs fine print of that shape
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
 * @param saveSteps steps between checkpoints, {@code >= 1}, or 0 for none but after an interruption or a failure
 * @param saveTotalLimit newest checkpoints that are kept, or 0 for all
 * @param seed of the order of the rows
 * @param shuffle whether each epoch walks the rows in an order of its own
 * @param resume whether to go on where an earlier process stopped
 */
public record TrainConfig(
        int batchSize,
        int gradientAccumulationSteps,
        double numTrainEpochs,
        int maxSteps,
        double learningRate,
        LrSchedulerType lrSchedulerType,
        ScheduleShape lrSchedulerKwargs,
        int warmupSteps,
        double warmupRatio,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        int maxLength,
        OverLength overLength,
        int loggingSteps,
        int saveSteps,
        int saveTotalLimit,
        long seed,
        boolean shuffle,
        boolean resume) {

    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public TrainConfig {
        Ranges ranges = new Ranges();
        ranges.check("batch_size", batchSize, batchSize >= 1, "1 or more");
        ranges.check(
                "gradient_accumulation_steps", gradientAccumulationSteps, gradientAccumulationSteps >= 1, "1 or more");
        ranges.check("max_steps", maxSteps, maxSteps == -1 || maxSteps >= 1, "1 or more, or -1 for num_train_epochs");
        ranges.check(
                "num_train_epochs",
                numTrainEpochs,
                maxSteps >= 1 || (numTrainEpochs > 0 && numTrainEpochs < 1e9),
                "above 0 and finite");
        ranges.check("warmup_ratio", warmupRatio, warmupRatio >= 0 && warmupRatio < 1, "[0, 1)");
        ranges.check(
                "warmup_ratio",
                warmupRatio,
                !(warmupRatio > 0) || warmupSteps == 0,
                "0 when warmup_steps is given (" + warmupSteps + ")");
        ranges.check("weight_decay", weightDecay, weightDecay >= 0 && weightDecay < 1e9, "0 or more and finite");
        ranges.check("adam_beta1", adamBeta1, adamBeta1 >= 0 && adamBeta1 < 1, "[0, 1)");
        ranges.check("adam_beta2", adamBeta2, adamBeta2 >= 0 && adamBeta2 < 1, "[0, 1)");
        ranges.check("adam_epsilon", adamEpsilon, adamEpsilon > 0 && adamEpsilon < 1, "(0, 1)");
        ranges.check("max_grad_norm", maxGradNorm, maxGradNorm >= 0 && maxGradNorm < 1e30, "above 0, or 0 for none");
        ranges.check("max_length", maxLength, maxLength >= 2, "2 or more");
        ranges.check("logging_steps", loggingSteps, loggingSteps >= 1, "1 or more");
        ranges.check("save_steps", saveSteps, saveSteps >= 0, "1 or more, or 0 for none");
        ranges.check("save_total_limit", saveTotalLimit, saveTotalLimit >= 0, "1 or more, or 0 for all");
        ranges.addAll(LearningRateSchedule.problems(
                lrSchedulerType,
                lrSchedulerKwargs,
                learningRate,
                warmupSteps == 0 && warmupRatio > 0 ? 1 : warmupSteps));
        ranges.refuse();
    }

    /** Everything at its default. */
    public static TrainConfig defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static TrainConfigBuilder builder() {
        return new TrainConfigBuilder();
    }

    /**
     * Optimizer steps of the run.
     *
     * @param stepsPerEpoch of the rows; 0 for an endless source
     * @throws ConfigurationException when the source is endless and {@code max_steps} is not given
     */
    public int totalSteps(int stepsPerEpoch) {
        if (maxSteps >= 1) {
            return maxSteps;
        }
        if (stepsPerEpoch < 1) {
            throw new ConfigurationException("max_steps is -1; rows that never end need 1 or more");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.ceil(numTrainEpochs * stepsPerEpoch));
    }

    /** The learning rate over a run of {@code totalSteps} optimizer steps. */
    public LearningRateSchedule schedule(int totalSteps) {
        int warmup = warmupSteps > 0 ? warmupSteps : (int) Math.ceil(totalSteps * warmupRatio);
        return new LearningRateSchedule(lrSchedulerType, lrSchedulerKwargs, learningRate, warmup, totalSteps);
    }

    /**
     * The run's directory as these settings want it.
     *
     * @param yaml text of {@code config.yaml}
     * @param stage key and value of what else makes the run what it is: model, data, objective and its settings
     */
    public RunSpec runSpec(String yaml, Map<String, String> stage) {
        Map<String, String> identity = new LinkedHashMap<>(stage);
        identity.putAll(identity());
        return new RunSpec(yaml, identity, resume, saveTotalLimit);
    }

    /** The settings that a resumed run must share with the run it goes on with. */
    Map<String, String> identity() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("batch_size", Integer.toString(batchSize));
        keys.put("gradient_accumulation_steps", Integer.toString(gradientAccumulationSteps));
        keys.put("learning_rate", Double.toString(learningRate));
        keys.put("lr_scheduler_type", lrSchedulerType.key());
        keys.put("lr_scheduler_kwargs", lrSchedulerKwargs.toString());
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

    /** Collects values that are out of range, to refuse them together. */
    private static final class Ranges {
        private final List<String> problems = new ArrayList<>();

        void check(String key, Object value, boolean legal, String range) {
            if (!legal) {
                problems.add(key + " is " + value + ", legal: " + range);
            }
        }

        void addAll(List<String> more) {
            problems.addAll(more);
        }

        void refuse() {
            if (!problems.isEmpty()) {
                throw new ConfigurationException(String.join("; ", problems));
            }
        }
    }
}
