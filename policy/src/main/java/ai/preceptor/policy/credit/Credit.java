package ai.preceptor.policy.credit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of answers taught.
 *
 * @param advantages {@code [answers][tokens]}, finite; 0 for an answer without a score
 * @param returns {@code [answers][tokens]}: what a critic should have said before each token, not numbers for an answer
 *     without a score; null where there is none
 */
public record Credit(List<double[]> advantages, @Nullable List<double[]> returns) {

    /**
     * The advantages of whole answers, the same for each of their tokens.
     *
     * @param advantages {@code [answers]}
     */
    static Credit ofAnswers(double[] advantages, ScoredAnswers batch) {
        List<double[]> spread = new ArrayList<>();
        for (int i = 0; i < advantages.length; i++) {
            double[] tokens = new double[batch.length(i)];
            Arrays.fill(tokens, advantages[i]);
            spread.add(tokens);
        }
        return new Credit(spread);
    }

    /** Without targets for a critic. */
    public Credit(List<double[]> advantages) {
        this(advantages, null);
    }
}
