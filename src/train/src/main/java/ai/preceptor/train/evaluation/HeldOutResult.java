package ai.preceptor.train.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What evaluations during a run came to.
 *
 * @param values of the weights that the run ended with, {@code eval_NAME}
 * @param best the best evaluation; null where none was asked for, or no value was finite
 * @param stoppedEarly whether training ended because there was no improvement
 */
public record HeldOutResult(
        Map<String, Double> values, @Nullable BestModel best, boolean stoppedEarly) {
    /** Copies the values. */
    public HeldOutResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** For {@code summary.json}, by the names of transformers' {@code TrainerState}. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>(values);
        if (best != null) {
            row.put("metric_for_best_model", best.metric());
            row.put("best_global_step", best.step());
            row.put("best_metric", best.value());
        }
        if (stoppedEarly) {
            row.put("stopped_early", true);
        }
        return row;
    }
}
