package ai.preceptor.serve.request;

/** Parses request bodies. Safe to use from several threads. */
public interface BodyReader {
    /** Which endpoint a body was sent to. */
    enum Kind {
        /** {@code /v1/chat/completions}. */
        CHAT,
        /** {@code /v1/completions}. */
        COMPLETION
    }

    /**
     * Reads a body. Takes processor time in proportion to its length, so not on the event loop.
     *
     * @param kind where it was sent to
     * @param body its bytes
     * @param between called between parts of the work, to end it by an exception when the client is gone
     * @throws ApiException saying what is wrong with the body
     */
    ApiRequest read(Kind kind, byte[] body, Runnable between);
}
