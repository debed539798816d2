package ai.preceptor.serve;

import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;

/**
 * How a model is served.
 *
 * @param host where to listen; other than loopback needs a key
 * @param port 0 for any that is free
 * @param key what callers must show
 * @param modelName what requests call the model
 * @param limits of the engine: answers decoded together, memory, tokens of prompts computed together
 * @param requests what they may take
 */
public record ServeOptions(
        String host, int port, ServerKey key, String modelName, GenerationLimits limits, RequestLimits requests) {

    /** The same with steps of generation computed by something else. */
    public ServeOptions with(DecodeSettings decode) {
        return new ServeOptions(host, port, key, modelName, limits.with(decode), requests);
    }

    /** Answers that may be decoded or waiting. */
    int capacity() {
        return limits.maxRows() + requests.maxQueue();
    }
}
