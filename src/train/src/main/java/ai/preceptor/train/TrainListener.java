package ai.preceptor.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    /**
     * The model was measured on held-out rows between two steps.
     *
     * @param step steps done
     * @param values by their names on the metrics page, {@code eval_NAME}
     */
    default void onEvaluation(int step, Map<String, Double> values) {}

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
            public void onEvaluation(int step, Map<String, Double> values) {
                each.forEach(listener -> listener.onEvaluation(step, values));
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
