package ai.preceptor.train.evaluation;

/**
 * The best evaluation so far.
 *
 * @param metric by which, {@code eval_NAME}
 * @param step after which it was made
 * @param value of the metric, finite
 */
public record BestModel(String metric, int step, double value) {}
