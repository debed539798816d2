package ai.preceptor.distill;

import ai.preceptor.lm.TopTokens;
import java.util.Iterator;
import java.util.function.Consumer;

/** Computes a teacher's most probable tokens at many rows, elsewhere than in this process. */
@FunctionalInterface
public interface TopTokenPasses {
    /**
     * Computes them, each row for itself.
     *
     * @param rows as the teacher sees them; read as they are begun, on the calling thread
     * @param k tokens of each distribution, 1 or more
     * @param temperature of the distributions, above 0
     * @param found given those of each row's loss tokens, in the order of the rows, on the calling thread
     */
    void run(Iterator<TokenRow> rows, int k, double temperature, Consumer<TopTokens> found);
}
