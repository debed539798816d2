package ai.preceptor.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one optimizer step, or the mean of several.
 *
 * @param step number of the step, the first being 1
 * @param totalSteps steps of the run
 * @param epoch passes over the rows, the step included
 * @param tokens tokens fed to the model in training since the run began, a shared prompt once
 * @param stepTime seconds
 * @param loss of the step
 * @param gradNorm global L2 norm of the step's gradient before clipping
 * @param learningRate the step was taken with
 * @param metrics the objective's own, by TRL's names
 */
public record StepMetrics(
        int step,
        int totalSteps,
        double epoch,
        long tokens,
        double stepTime,
        double loss,
        double gradNorm,
        double learningRate,
        Map<String, Double> metrics) {

    public StepMetrics {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** The line of {@code metrics.jsonl}. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.put("epoch", epoch);
        row.put("tokens", tokens);
        row.put("step_time", stepTime);
        row.put("loss", loss);
        row.put("grad_norm", gradNorm);
        row.put("learning_rate", learningRate);
        row.putAll(metrics);
        return row;
    }

    /**
     * Averages steps as transformers' {@code logging_steps} does: means of the loss, the objective's metrics and the time of
     * a step over the window; position, gradient norm and learning rate of its last step.
     */
    static final class Window {

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
}
