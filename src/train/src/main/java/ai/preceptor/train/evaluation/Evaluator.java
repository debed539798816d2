package ai.preceptor.train.evaluation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures the model in training on held-out rows. The training loop calls it between two steps, on its own thread; it must
 * not change what is learnt afterwards.
 */
public interface Evaluator {
    /**
     * Measures the model as it is now.
     *
     * @return by their names on the metrics page, {@code eval_NAME}; a value that is not finite is reported as such. Empty if it
     *     was given up because a stop was requested
     */
    Optional<Map<String, Double>> measure();

    /** The metric that decides which model is best unless another is named. */
    default String standardMetric() {
        return "eval_loss";
    }

    /**
     * What tells this measurement from another: a checksum of the held-out rows, and settings that its values depend on. Values of
     * evaluations with different ones are not compared. Empty where it is not known.
     */
    default String identity() {
        return "";
    }

    /**
     * The names that {@link #measure} gives, determined before the first step; empty where they are not known.
     *
     * @param wanted that the caller looks for: further names may be missing once it is found
     */
    default Set<String> names(String wanted) {
        return Set.of();
    }
}
