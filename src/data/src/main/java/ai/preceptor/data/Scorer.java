package ai.preceptor.data;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

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

    /**
     * How far a running {@link #score} has come: a number that grows with every part of the work that is done. From any
     * thread. A caller takes a number that is unchanged for too long as a sign that the scorer hangs. Empty
     * where it is not known, as by default: then nothing but time tells.
     */
    default OptionalLong steps() {
        return OptionalLong.empty();
    }

    /**
     * Figures of how scoring went so far, by their names on the metrics page, such as {@code judge/undecided}. From any
     * thread. Empty by default.
     */
    default Map<String, Number> metrics() {
        return Map.of();
    }

    /**
     * Whether a score depends on the other answers to the prompt in the same call, so that all of them must be scored together
     * and scores of different calls do not compare. By default it does not.
     */
    default boolean isRelative() {
        return false;
    }

    /** Frees what the scorer holds; by default nothing. */
    @Override
    default void close() {}
}
