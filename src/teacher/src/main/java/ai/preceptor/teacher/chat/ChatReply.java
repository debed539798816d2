package ai.preceptor.teacher.chat;

/**
 * What a language model wrote: untrusted text.
 *
 * @param text the words; may be empty
 * @param finishReason the server's finish reason, {@code stop} for a natural end; may be empty
 * @param promptTokens tokens that were read
 * @param completionTokens tokens that were written
 */
public record ChatReply(String text, String finishReason, long promptTokens, long completionTokens) {
    private static final int EXCERPT = 160;

    /** True if it ended at the limit of tokens, so that its last words may be cut off. */
    public boolean isTruncated() {
        return finishReason.equals("length");
    }

    /** How a text begins, in one line without control characters. */
    public static String excerpt(String text) {
        String line = text.substring(0, Math.min(text.length(), 2 * EXCERPT))
                .replaceAll("[\\p{Cntrl}\\s]+", " ")
                .strip();
        return line.length() <= EXCERPT ? "\"" + line + "\"" : "\"" + line.substring(0, EXCERPT) + "...\"";
    }
}
