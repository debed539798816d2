package ai.preceptor.serve;

import ai.preceptor.lm.generate.GenerationLimits;
import java.time.Duration;

/**
 * How a model is served.
 *
 * @param host where to listen; other than loopback needs a key
 * @param port 0 for any that is free
 * @param key what callers must show
 * @param modelName what requests call the model
 * @param limits of the engine: answers decoded together, memory, tokens of prompts computed together
 * @param bounds of requests
 */
public record ServeOptions(
        String host, int port, ServerKey key, String modelName, GenerationLimits limits, Bounds bounds) {

    /**
     * What requests may take.
     *
     * @param maxQueue answers that may wait for a place among those that are decoded
     * @param timeout of a request, from when its body is whole; a body has as long to come, but at most 30 s
     * @param grace how long requests that were taken may go on when the server stops
     * @param maxBody bytes of a request
     * @param maxTokens tokens of a chat's answer where the request does not say; the context bounds it too
     */
    public record Bounds(int maxQueue, Duration timeout, Duration grace, int maxBody, int maxTokens) {
        /** 256 waiting, ten minutes, 10 seconds, 4 MiB, 1,024 tokens. */
        public static final Bounds STANDARD =
                new Bounds(256, Duration.ofMinutes(10), Duration.ofSeconds(10), 4 << 20, 1024);
    }

    /** Answers that may be decoded or waiting. */
    int capacity() {
        return limits.maxRows() + bounds.maxQueue();
    }
}
