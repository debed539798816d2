package ai.preceptor.lm;

/**
 * Raw outputs of a model at given rows.
 *
 * @param logits {@code [sources * vocabulary]}
 * @param hidden {@code [sources * d]}: after the final norm
 */
public record ForwardOutput(float[] logits, float[] hidden) {}
