package ai.preceptor.train;

import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.schedule.ScheduleShape;

/**
 * Builds a {@link TrainConfig} from transformers' defaults, with TRL's for {@code max_length} and
 * {@code logging_steps}. What each value means and its range stand at the record's components.
 */
public final class TrainConfigBuilder {

    private int batchSize = 8;
    private int gradientAccumulationSteps = 1;
    private double numTrainEpochs = 3;
    private int maxSteps = -1;
    private double learningRate = 5e-5;
    private LrSchedulerType lrSchedulerType = LrSchedulerType.LINEAR;
    private ScheduleShape lrSchedulerKwargs = ScheduleShape.defaults();
    private int warmupSteps = 0;
    private double warmupRatio = 0;
    private double weightDecay = 0;
    private double adamBeta1 = 0.9;
    private double adamBeta2 = 0.999;
    private double adamEpsilon = 1e-8;
    private double maxGradNorm = 1;
    private int maxLength = 1024;
    private OverLength overLength = OverLength.DROP;
    private int loggingSteps = 10;
    private int saveSteps = 500;
    private int saveTotalLimit = 0;
    private long seed = 42;
    private boolean shuffle = true;
    private boolean resume = false;

    TrainConfigBuilder() {}

    public TrainConfigBuilder batchSize(int value) {
        this.batchSize = value;
        return this;
    }

    public TrainConfigBuilder gradientAccumulationSteps(int value) {
        this.gradientAccumulationSteps = value;
        return this;
    }

    public TrainConfigBuilder numTrainEpochs(double value) {
        this.numTrainEpochs = value;
        return this;
    }

    public TrainConfigBuilder maxSteps(int value) {
        this.maxSteps = value;
        return this;
    }

    public TrainConfigBuilder learningRate(double value) {
        this.learningRate = value;
        return this;
    }

    public TrainConfigBuilder lrSchedulerType(LrSchedulerType value) {
        this.lrSchedulerType = value;
        return this;
    }

    public TrainConfigBuilder lrSchedulerKwargs(ScheduleShape value) {
        this.lrSchedulerKwargs = value;
        return this;
    }

    public TrainConfigBuilder warmupSteps(int value) {
        this.warmupSteps = value;
        return this;
    }

    public TrainConfigBuilder warmupRatio(double value) {
        this.warmupRatio = value;
        return this;
    }

    public TrainConfigBuilder weightDecay(double value) {
        this.weightDecay = value;
        return this;
    }

    public TrainConfigBuilder adamBeta1(double value) {
        this.adamBeta1 = value;
        return this;
    }

    public TrainConfigBuilder adamBeta2(double value) {
        this.adamBeta2 = value;
        return this;
    }

    public TrainConfigBuilder adamEpsilon(double value) {
        this.adamEpsilon = value;
        return this;
    }

    public TrainConfigBuilder maxGradNorm(double value) {
        this.maxGradNorm = value;
        return this;
    }

    public TrainConfigBuilder maxLength(int value) {
        this.maxLength = value;
        return this;
    }

    public TrainConfigBuilder overLength(OverLength value) {
        this.overLength = value;
        return this;
    }

    public TrainConfigBuilder loggingSteps(int value) {
        this.loggingSteps = value;
        return this;
    }

    public TrainConfigBuilder saveSteps(int value) {
        this.saveSteps = value;
        return this;
    }

    public TrainConfigBuilder saveTotalLimit(int value) {
        this.saveTotalLimit = value;
        return this;
    }

    public TrainConfigBuilder seed(long value) {
        this.seed = value;
        return this;
    }

    public TrainConfigBuilder shuffle(boolean value) {
        this.shuffle = value;
        return this;
    }

    public TrainConfigBuilder resume(boolean value) {
        this.resume = value;
        return this;
    }

    /** @throws ai.preceptor.data.ConfigurationException when values are out of their range; lists all that are */
    public TrainConfig build() {
        return new TrainConfig(
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
                resume);
    }
}
