package ai.preceptor.rollout;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.jspecify.annotations.Nullable;

/** Hands immutable messages over as they are within a process, and as {@link WireFormat} has it between processes. */
final class RolloutCodec implements MessageCodec<Object, Object> {
    private static final String NAME = "preceptor.rollout";

    /** Makes an event bus carry {@link Order}s and {@link Outcome}s; once for each. */
    static void install(Vertx vertx) {
        vertx.eventBus().registerCodec(new RolloutCodec());
        vertx.eventBus().codecSelector(RolloutCodec::nameFor);
    }

    private static @Nullable String nameFor(Object body) {
        return body instanceof Order || body instanceof Outcome ? NAME : null;
    }

    @Override
    public void encodeToWire(Buffer buffer, Object message) {
        Buffer bytes = WireFormat.encode(message);
        buffer.appendInt(bytes.length()).appendBuffer(bytes);
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        int from = position + Integer.BYTES;
        if (position < 0 || from > buffer.length()) {
            throw new WireException("message: its length is missing");
        }
        int length = buffer.getInt(position);
        if (length < 0 || length > buffer.length() - from) {
            throw new WireException("message: says it has " + length + " bytes, found " + (buffer.length() - from));
        }
        return WireFormat.decode(buffer.slice(from, from + length));
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
