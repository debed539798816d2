package ai.preceptor.teacher;

import ai.preceptor.data.ScorerException;
import java.util.List;

/**
 * Says which of two answers is better.
 *
 * <p>A judge that reads both may favour a position; {@link OrderBalancedJudge} takes that out. Implementations may be
 * slow and may be called from any one thread at a time.
 */
public interface Judge extends JudgeStats.Source, AutoCloseable {

    /** A short name for reports. */
    String name();

    /**
     * Compares.
     *
     * @param comparisons what to compare; may be empty
     * @return one verdict per comparison in the same order; where none could be had {@link Verdict#undecided(String)},
     *     never a loss
     * @throws ScorerException if nothing could be compared at all
     */
    List<Verdict> compare(List<Comparison> comparisons);

    /** How judging went so far; by default nothing is known. */
    @Override
    default JudgeStats stats() {
        return JudgeStats.NONE;
    }

    /** Frees what the judge holds; by default nothing. */
    @Override
    default void close() {}
}
