package ai.preceptor.teacher.ledger;

/**
 * A call of a model on this machine, which costs nothing.
 *
 * @param hash of the request and the model, which tells calls apart
 * @param request what was asked
 * @param reply the answer
 * @param finishReason why it ended
 * @param promptTokens tokens that were read, 0 or more
 * @param completionTokens tokens that were written, 0 or more
 */
public record FreeCall(
        String hash, String request, String reply, String finishReason, long promptTokens, long completionTokens) {}
