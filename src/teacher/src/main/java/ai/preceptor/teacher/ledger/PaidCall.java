package ai.preceptor.teacher.ledger;

/**
 * A call of a served teacher that was answered.
 *
 * @param reply the text of the answer
 * @param finishReason the server's own word for why it ended; may be empty
 * @param promptTokens tokens that were read, 0 or more
 * @param completionTokens tokens that were written, 0 or more
 * @param cost in the unit of the prices
 */
public record PaidCall(String reply, String finishReason, long promptTokens, long completionTokens, Money cost) {}
