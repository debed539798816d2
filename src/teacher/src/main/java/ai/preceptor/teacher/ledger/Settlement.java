package ai.preceptor.teacher.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call and its cost.
 *
 * @param state other than {@link CallState#OPEN}
 * @param cost what counts from now on
 * @param promptTokens tokens that were read, as far as is known; 0 or more
 * @param completionTokens tokens that were written, as far as is known; 0 or more
 * @param reply the text of the answer, or null
 * @param finishReason the server's own word for why it ended; may be empty
 * @param problem why there is no reply, or null
 * @param body how the answer began, where it is no reply; or null
 */
public record Settlement(
        CallState state,
        Money cost,
        long promptTokens,
        long completionTokens,
        @Nullable String reply,
        String finishReason,
        @Nullable String problem,
        @Nullable String body) {

    /** @throws IllegalArgumentException if it settles nothing, or an answer has no text */
    public Settlement {
        if (state == CallState.OPEN || (state == CallState.ANSWERED) != (reply != null)) {
            throw new IllegalArgumentException("settlement: received " + state + (reply == null ? " without" : " with")
                    + " a reply, expected an answer with one or another end without");
        }
    }
}
