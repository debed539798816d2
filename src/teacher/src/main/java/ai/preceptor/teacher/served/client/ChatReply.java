package ai.preceptor.teacher.served.client;

/**
 * What a served teacher wrote: untrusted text.
 *
 * @param text the words; may be empty
 * @param finishReason the server's finish reason, {@code stop} for a natural end; may be empty
 * @param promptTokens tokens that were read
 * @param completionTokens tokens that were written
 */
public record ChatReply(String text, String finishReason, long promptTokens, long completionTokens) {}
