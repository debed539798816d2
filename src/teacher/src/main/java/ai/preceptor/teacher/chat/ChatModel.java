package ai.preceptor.teacher.chat;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import java.util.List;

/**
 * A language model that answers conversations: one on this machine or one behind a server. Judges and elicitation ask it; what
 * it writes is untrusted text.
 *
 * <p>Every answer is kept in a ledger before it is used, so that a request is neither computed nor paid for twice, in this
 * run or a later one.
 *
 * <p>Implementations may be slow and may be called from any one thread at a time.
 */
public interface ChatModel extends AutoCloseable {
    /** A short name for metrics and reports. */
    String name();

    /**
     * Has it answer.
     *
     * @param requests any number; equal ones get one answer
     * @return per request, in order, the reply or why there is none
     * @throws TeacherException if it will never answer
     * @throws ScorerException if not one request was answered; not where each was refused by a model that has answered others
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; what was answered is in the ledger
     */
    List<Asked> ask(List<ChatRequest> requests);

    /**
     * Asks how likely single words are as the first token of its reply, at temperature 1.
     *
     * @param requests any number
     * @return per request, in order, the log-probabilities or why there are none
     * @throws TeacherException if it will never answer
     * @throws ScorerException if not one request was answered; not where each was refused by a model that has answered others
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; what was answered is in the ledger
     */
    List<LabelReading> labels(List<LabelRequest> requests);

    /**
     * Refuses labels that {@link #labels} could never read, before anything is asked. By default nothing is refused: a
     * server does not tell its vocabulary.
     *
     * @throws ConfigurationException naming a label that is not one token
     */
    default void requireLabels(List<String> labels) {}

    /** Frees what it holds; by default nothing. */
    @Override
    default void close() {}
}
