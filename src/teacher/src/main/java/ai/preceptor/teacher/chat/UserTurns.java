package ai.preceptor.teacher.chat;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Message;
import ai.preceptor.lm.generate.SamplingSettings;
import java.util.List;

/**
 * A model that writes what a user would say: it continues its chat template where a user's words would stand. Servers of chats
 * cannot be asked for this.
 */
public interface UserTurns {
    /**
     * Has it write turns of a user.
     *
     * @param requests any number; equal ones get one turn
     * @return per request, in order, the turn or why there is none
     * @throws ConfigurationException if its chat template does not write the words of a user as they are
     */
    List<Asked> userTurns(List<Request> requests);

    /**
     * A request for a turn.
     *
     * @param before messages before the turn, such as one of the system; copied, may be empty
     * @param sampling how it is drawn
     * @param seed decides what is drawn
     */
    record Request(List<Message> before, SamplingSettings sampling, long seed) {
        /** Copies the list. */
        public Request {
            before = List.copyOf(before);
        }
    }
}
