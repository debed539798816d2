package ai.preceptor.teacher.judge;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.teacher.chat.Asked;
import java.util.Map;

/**
 * A way to grade single answers by the replies of a language model: what it is told, and what its reply means. Stateless,
 * for any number of threads.
 */
public interface Grading {
    /**
     * Why an answer cannot be graded, before anything is asked; empty if it can.
     *
     * @param answer with its prompt's columns
     */
    default String problem(Answer answer) {
        return "";
    }

    /** The places of the template but {@code prompt} and {@code principle}. */
    Map<String, String> places(Answer answer);

    /**
     * What a reply means. Replies are untrusted: whatever is not exactly as it was asked for is no score.
     *
     * @return the score, with parts and critique if there are any; unscored, never 0, if the reply gives none
     */
    Score read(Answer answer, Asked reply);
}
