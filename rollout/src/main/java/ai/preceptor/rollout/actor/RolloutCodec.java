package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/** Hands immutable messages over as they are, on the bus of one process. */
final class RolloutCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "preceptor.rollout";

    /** Makes an event bus carry {@link ActorMessage}s and {@link Outcome}s; once for each. */
    static void install(Vertx vertx) {
        vertx.eventBus().registerCodec(new RolloutCodec());
        vertx.eventBus().codecSelector(RolloutCodec::nameFor);
    }

    private static @Nullable String nameFor(Object body) {
        return body instanceof ActorMessage || body instanceof Outcome ? NAME : null;
    }

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        throw new UnsupportedOperationException("this bus is of one process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("this bus is of one process");
    }

    @Override
    public Object transform(Object message) {
        return message;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
