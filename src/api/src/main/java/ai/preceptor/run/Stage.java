package ai.preceptor.run;

import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Pass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.TrainingRows;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training run over rows that are all known in advance: encodes them, iterates over epochs, runs the loop. */
public record Stage<R>(Pass<R> pass, Trainable model, TrainConfig config) {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);

    /** Trains on the rows that fit. */
    public TrainSummary run(List<R> rows, LoopSetting setting) {
        TrainingRows<R> fitting = TrainingRows.measure(rows, pass, config.maxLength(), config.overLength());
        if (fitting.dropped() > 0) {
            LOG.warn(
                    "{} of {} rows left out: longer than max_length {}",
                    fitting.dropped(),
                    rows.size(),
                    config.maxLength());
        }
        EpochRows<R> source = new EpochRows<>(
                fitting, config.batchSize(), config.gradientAccumulationSteps(), config.shuffle(), config.seed());
        return new TrainLoop<>(config, model, pass, source, setting).run();
    }
}
