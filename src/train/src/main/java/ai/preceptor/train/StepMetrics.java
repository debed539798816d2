package ai.preceptor.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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
}
