package ai.preceptor.lm.engine;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.text.Tokenizer;
import java.util.List;
import java.util.function.Function;

/**
 * Completes requests with continuous batching: a request enters as soon as there is room and leaves when it ends.
 *
 * <p>{@link #submit}, {@link #isIdle} and {@link GenerationHandle#cancel} may be called from any thread. {@link #step},
 * {@link #statistics} and {@link #close} belong to one thread, which must be bound to the model's device, and nothing else may use the device or
 * change the weights while it is in one of them. So one thread drives an engine:
 *
 * <pre>{@code
 * GenerationHandle mine = session.submit(request);
 * while (!session.isIdle()) {
 *     for (GenerationEvent event : session.step()) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Matrices are merged with adapters and laid out for fast products when a session is opened, so a model whose weights change
 * needs a new session after every change.
 */
public interface EngineSession extends AutoCloseable {

    /** An engine over a model with its own tokenizer's text and stop tokens. Belongs to the calling thread. */
    static EngineSession open(LanguageModel model, Tokenizer tokenizer, GenerationLimits limits) {
        return open(model, ids -> tokenizer.decode(ids, true), tokenizer.stopIds(), limits);
    }

    /**
     * An engine over a model.
     *
     * @param decode text of token ids, special tokens left out; used by the driving thread
     * @param stopIds the model's ends of sequence, from 0 on; those beyond its vocabulary have no effect
     * @param limits the whole budget of the key-value store is allocated at the start
     * @throws ai.preceptor.data.ConfigurationException if the device does not have that much memory
     */
    static EngineSession open(
            LanguageModel model, Function<int[], String> decode, int[] stopIds, GenerationLimits limits) {
        return new SessionFactory(model, decode, stopIds, limits).open(System::nanoTime);
    }

    /**
     * Queues a request.
     *
     * @return what its events are known by
     * @throws RequestTooLargeException if the key-value store can never hold a sample of it
     * @throws IllegalArgumentException if the prompt is empty or leaves no room in the context, or an id is not in the
     *     vocabulary
     */
    GenerationHandle submit(GenerationRequest request);

    /** Whether every sample of every request has ended and was reported. */
    boolean isIdle();

    /**
     * Lets waiting samples in, then computes one token of each that is running. Returns immediately if there is
     * nothing to do.
     *
     * <p>An exception during a step fails the requests whose tokens were being computed, and frees their memory: they
     * end with
     * {@link GenerationEvent.Failed}, and the session continues. After each such step the engine answers a small
     * request of its own
     * to see whether it still works.
     *
     * @return what happened, in order
     * @throws IllegalStateException if the engine's own request failed three times too, with no step between that went well;
     *     the session is of no more use
     */
    List<GenerationEvent> step();

    /** What it has done so far. Belongs to the thread of {@link #step}. */
    EngineStatistics statistics();

    /** Frees the device's memory; samples that have not ended are dropped without an event. */
    @Override
    void close();
}
