package ai.preceptor.distill;

import ai.preceptor.lm.TopTokens;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A teacher elsewhere that gives the most probable tokens of its distributions, at temperature 1. */
public interface TopTokenTeacher {

    /** What distinguishes its distributions from another teacher's, such as its address and name. */
    String identity();

    /**
     * Tests it before it is asked for much.
     *
     * @throws RuntimeException if it cannot give what is wanted, or its token ids mean something else
     */
    default void check() {}

    /**
     * The same where it is known how much is wanted.
     *
     * @param k tokens of each distribution
     * @throws RuntimeException if it cannot give so many, or as {@link #check()}
     */
    default void check(int k) {
        check();
    }

    /**
     * Its distributions at the loss tokens of rows.
     *
     * @param rows as this teacher sees them, at least one
     * @param k tokens of each distribution
     * @return one a row, of as many distributions as it has loss tokens; null where it has no answer
     */
    List<@Nullable TopTokens> topTokens(List<TokenRow> rows, int k);
}
