package ai.preceptor.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Averages steps as transformers' {@code logging_steps} does: means of the loss, the objective's metrics and the time of
 * a step over the window; position, gradient norm and learning rate of its last step.
 */
final class LoggingWindow {

    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private @Nullable StepMetrics last;
    private int count;
    private double loss;
    private double time;

    void add(StepMetrics step) {
        last = step;
        count++;
        loss += step.loss();
        time += step.stepTime();
        step.metrics().forEach((name, value) -> {
            double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
            sum[0] += value;
            sum[1]++;
        });
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The mean of the steps added since the last call, of which there must be one. */
    StepMetrics drain() {
        StepMetrics end = Objects.requireNonNull(last, "no step was added");
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
        StepMetrics mean = new StepMetrics(
                end.step(),
                end.totalSteps(),
                end.epoch(),
                end.tokens(),
                time / count,
                loss / count,
                end.gradNorm(),
                end.learningRate(),
                means);
        sums.clear();
        last = null;
        count = 0;
        loss = 0;
        time = 0;
        return mean;
    }
}
