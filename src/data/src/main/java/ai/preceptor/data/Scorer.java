package ai.preceptor.data;

import java.util.List;

/**
 * Gives numbers to answers: a reward model, a teacher, a rule. Higher is better.
 *
 * <p>Implementations may be slow and may be called from any one thread at a time.
 */
public interface Scorer extends AutoCloseable {

    /** A short name for metrics and reports, such as {@code reward} or {@code rule:distinct_words}. */
    String name();

    /**
     * Scores every answer.
     *
     * @param answers what to score; may be empty
     * @return one score per answer in the same order; an answer that could not be scored is {@link
     *     Score#unscored(String)}, never 0
     * @throws ScorerException if nothing could be scored at all
     */
    List<Score> score(List<Answer> answers);

    /** Frees what the scorer holds; by default nothing. */
    @Override
    default void close() {}
}
