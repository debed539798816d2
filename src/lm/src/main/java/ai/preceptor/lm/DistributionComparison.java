package ai.preceptor.lm;

import ai.preceptor.lm.torch.DivergenceKernels;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How a student's distributions are compared with a teacher's.
 *
 * @param terms divergences that are added up; at least one
 * @param temperature divides the logits of both, above 0. A teacher's {@link TopTokens} were divided by it already
 * @param chunk targets whose logits exist at a time, at least 1
 */
public record DistributionComparison(List<DivergenceTerm> terms, double temperature, int chunk) {
    /** Targets at a time when nothing else is asked for. */
    public static final int DEFAULT_CHUNK = 256;

    /** @throws IllegalArgumentException if a number is out of its range */
    public DistributionComparison {
        terms = List.copyOf(terms);
        if (terms.isEmpty() || !(temperature > 0 && temperature < Double.POSITIVE_INFINITY) || chunk < 1) {
            throw new IllegalArgumentException("comparison: " + terms.size() + " terms, temperature " + temperature
                    + ", chunk_size " + chunk + ", legal: 1 or more; above 0; 1 or more");
        }
    }

    DivergenceKernels.Terms forKernels() {
        return new DivergenceKernels.Terms(
                terms.stream().mapToLong(term -> term.kind().code()).toArray(),
                terms.stream()
                        .flatMapToDouble(term -> DoubleStream.of(term.parameter(), term.weight()))
                        .toArray(),
                temperature);
    }
}
