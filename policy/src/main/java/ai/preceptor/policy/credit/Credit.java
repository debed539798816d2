package ai.preceptor.policy.credit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of answers taught.
 *
 * @param advantages {@code [answers][tokens]}, finite; 0 for an answer without a score
 * @param returns {@code [answers][tokens]}: what a critic should have said before each token; null where there is none
 */
public record Credit(List<double[]> advantages, @Nullable List<double[]> returns) {

    /** Without targets for a critic. */
    public Credit(List<double[]> advantages) {
        this(advantages, null);
    }
}
