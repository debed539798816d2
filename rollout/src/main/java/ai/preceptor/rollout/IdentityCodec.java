package ai.preceptor.rollout;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/** Hands immutable messages over as they are. There is no form for the wire: they stay in the process. */
final class IdentityCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "preceptor.rollout.identity";

    /** Makes an event bus carry {@link Order}s and {@link Outcome}s; once for each. */
    static void install(Vertx vertx) {
        vertx.eventBus().registerCodec(new IdentityCodec());
        vertx.eventBus().codecSelector(IdentityCodec::nameFor);
    }

    private static @Nullable String nameFor(Object body) {
        return body instanceof Order || body instanceof Outcome ? NAME : null;
    }

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        throw new UnsupportedOperationException(
                "message " + message.getClass().getSimpleName() + " cannot leave the process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("no message can come from another process");
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
