package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.WrongAnswerException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes chunks. All calls of the work are made on this actor's one thread. */
public final class ChunkVerticle extends ActorVerticle {
    private final Supplier<? extends ChunkWork> supplier;
    private @Nullable ChunkWork opened;

    /** @param supplier makes the work, on the actor's thread */
    public ChunkVerticle(ActorVerticle.ActorEndpoint endpoint, Supplier<? extends ChunkWork> supplier) {
        super(endpoint);
        this.supplier = supplier;
    }

    @Override
    void open() {
        ChunkWork work = Objects.requireNonNull(supplier.get(), "chunks: the supplier gave null, expected work");
        opened = work;
        onInterrupt(work::cancel);
        countSteps(work::steps);
    }

    @Override
    Object perform(ActorMessage<?> request) {
        if (request instanceof ActorMessage.Compute asked) {
            return compute(asked, Objects.requireNonNull(opened, "chunks: not open"));
        }
        throw unexpected(request);
    }

    /** The work may be user code, so its result is checked. */
    @SuppressWarnings("NullAway")
    private static ActorMessage.Computed compute(ActorMessage.Compute asked, ChunkWork work) {
        byte[] result = work.compute(asked.chunk(), asked.input());
        if (result == null) {
            throw new WrongAnswerException("chunk " + asked.chunk() + ": received null, expected its result");
        }
        return new ActorMessage.Computed(asked.chunk(), result);
    }

    @Override
    void shut() {
        if (opened != null) {
            opened.close();
        }
    }
}
