package ai.preceptor.teacher.ledger;

/**
 * A call of a served teacher that was answered.
 *
 * @param hash of the request and the server's address, which tells calls apart
 * @param request as it was sent, without the key
 * @param reply the text of the answer
 * @param finishReason the server's own word for why it ended; may be empty
 * @param promptTokens tokens that were read, 0 or more
 * @param completionTokens tokens that were written, 0 or more
 * @param cost in the unit of the prices, 0 or more
 */
public record PaidCall(
        String hash,
        String request,
        String reply,
        String finishReason,
        long promptTokens,
        long completionTokens,
        double cost) {}
