package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.served.http.ReplyParser.Reading;
import com.fasterxml.jackson.databind.JsonNode;

/** What a server is asked in one call. */
public sealed interface TeacherCall permits ConversationCall, TokensCall {
    /** Below the server's address, such as {@code /chat/completions}. */
    String path();

    /** The body that is sent; equal calls have equal bodies. */
    String body(String model);

    /** Tokens that are read, for limits of tokens a minute: a careful guess, rather too many. */
    int promptTokens();

    /** Most tokens that can be read. */
    int mostPromptTokens();

    /** Most tokens of the reply. */
    int maxTokens();

    /**
     * What is kept of the reply.
     *
     * @param choice the one choice, untrusted
     * @param finish its {@code finish_reason}; may be empty
     */
    Reading read(JsonNode choice, String finish);

    /** Total tokens, as far as they can be estimated beforehand. */
    default int tokens() {
        return (int) Math.min(Integer.MAX_VALUE / 2, (long) promptTokens() + maxTokens());
    }
}
