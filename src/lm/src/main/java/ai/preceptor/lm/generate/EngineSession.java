package ai.preceptor.lm.generate;

import java.util.List;

/**
 * Completes requests as they come, many at once: a request enters as soon as there is room and leaves when it ends.
 *
 * <p>{@link #submit}, {@link #isIdle} and {@link GenerationHandle#cancel} may be called from any thread. {@link #step} and
 * {@link #close} belong to one thread, which must be bound to the model's device, and nothing else may use the device or
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
 */
public interface EngineSession extends AutoCloseable {

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
     * Lets waiting samples in, then computes one token of each that is running. Returns at once when there is nothing to do.
     *
     * @return what happened, in order
     * @throws IllegalStateException if the model's logits are not numbers; the session is of no more use
     */
    List<GenerationEvent> step();

    /** Frees the device's memory; samples that have not ended are dropped without an event. */
    @Override
    void close();
}
