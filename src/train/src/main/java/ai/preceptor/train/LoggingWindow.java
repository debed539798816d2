package ai.preceptor.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Averages steps as transformers' {@code logging_steps} does: means of the loss, the objective's metrics and the time of
 * a step over the window; position, gradient norm and learning rate of its last step.
 */
final class LoggingWindow {

    private final List<StepMetrics> steps = new ArrayList<>();

    void add(StepMetrics step) {
        steps.add(step);
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The mean of the steps added since the last call. */
    StepMetrics drain() {
        StepMetrics last = steps.get(steps.size() - 1);
        double loss = 0;
        double time = 0;
        Map<String, double[]> sums = new LinkedHashMap<>();
        for (StepMetrics step : steps) {
            loss += step.loss();
            time += step.stepTime();
            step.metrics().forEach((name, value) -> {
                double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
                sum[0] += value;
                sum[1]++;
            });
        }
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
        int count = steps.size();
        steps.clear();
        return new StepMetrics(
                last.step(),
                last.totalSteps(),
                last.epoch(),
                last.tokens(),
                time / count,
                loss / count,
                last.gradNorm(),
                last.learningRate(),
                means);
    }
}
