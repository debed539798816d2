package ai.preceptor.lm.engine;

import ai.preceptor.lm.generate.GenerationRequest;

/** A request that an {@link EngineSession} has accepted. */
public final class GenerationHandle {
    private final long id;
    private final GenerationRequest request;
    private volatile boolean cancelled;

    GenerationHandle(long id, GenerationRequest request) {
        this.id = id;
        this.request = request;
    }

    /** Numbers the requests of a session in the order they were submitted, from 0. */
    public long id() {
        return id;
    }

    /** What was asked. */
    public GenerationRequest request() {
        return request;
    }

    /**
     * Asks for an end: the next {@link EngineSession#step} ends what has not ended with {@link
     * ai.preceptor.data.FinishReason#CANCELLED}. From any thread, any number of times.
     */
    public void cancel() {
        cancelled = true;
    }

    /** Whether {@link #cancel} was called. */
    public boolean isCancelled() {
        return cancelled;
    }
}
