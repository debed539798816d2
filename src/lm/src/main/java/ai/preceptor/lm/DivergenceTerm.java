package ai.preceptor.lm;

/**
 * One divergence in a weighted sum of several.
 *
 * @param kind which
 * @param parameter its number, where {@code kind} has one
 * @param weight its factor, 0 or more
 */
public record DivergenceTerm(DivergenceKind kind, double parameter, double weight) {

    /** @throws IllegalArgumentException unless the weight is 0 or more and finite */
    public DivergenceTerm {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weight of " + kind + ": received " + weight + ", legal: 0 or more");
        }
    }
}
