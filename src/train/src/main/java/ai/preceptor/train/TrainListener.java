package ai.preceptor.train;

import java.nio.file.Path;
import java.util.List;

/**
 * Receives the progress of a run: progress bars, meters, dashboards. Called on the loop's thread, so it should be quick.
 */
public interface TrainListener {

    /**
     * The run is about to make its first step.
     *
     * @param firstStep steps already done, 0 unless resumed
     * @param totalSteps steps of the run
     */
    default void onStart(int firstStep, int totalSteps) {}

    /** A step is done. */
    default void onStep(StepMetrics step) {}

    /** {@code logging_steps} steps are done, or the last of the run: their mean. */
    default void onLog(StepMetrics mean) {}

    /** A checkpoint was written. */
    default void onCheckpoint(int step, Path checkpoint) {}

    /** The run is over and its model saved. */
    default void onDone(TrainSummary summary) {}

    /** Hears nothing. */
    static TrainListener none() {
        return new TrainListener() {};
    }

    /** Passes everything on to each of {@code listeners}, in order. */
    static TrainListener all(List<? extends TrainListener> listeners) {
        List<TrainListener> each = List.copyOf(listeners);
        return new TrainListener() {
            @Override
            public void onStart(int firstStep, int totalSteps) {
                each.forEach(listener -> listener.onStart(firstStep, totalSteps));
            }

            @Override
            public void onStep(StepMetrics step) {
                each.forEach(listener -> listener.onStep(step));
            }

            @Override
            public void onLog(StepMetrics mean) {
                each.forEach(listener -> listener.onLog(mean));
            }

            @Override
            public void onCheckpoint(int step, Path checkpoint) {
                each.forEach(listener -> listener.onCheckpoint(step, checkpoint));
            }

            @Override
            public void onDone(TrainSummary summary) {
                each.forEach(listener -> listener.onDone(summary));
            }
        };
    }
}
