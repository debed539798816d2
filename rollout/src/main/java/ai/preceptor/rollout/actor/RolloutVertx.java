package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.file.FileSystemOptions;

/** The Vert.x instance that a process's actors run on. */
public final class RolloutVertx {
    private RolloutVertx() {}

    /**
     * Starts one with a single event loop, as few other threads as will do, and a bus that hands messages over as they are.
     *
     * @param workerThreads for blocking code, 1 or more; actors have threads of their own
     */
    public static Vertx start(int workerThreads) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(workerThreads)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        install(vertx);
        return vertx;
    }

    /** Makes a bus carry {@link ActorMessage}s and {@link Outcome}s as they are, which are immutable; once for each bus. */
    static void install(Vertx vertx) {
        vertx.eventBus().registerCodec(new SameObject());
        vertx.eventBus()
                .codecSelector(
                        body -> body instanceof ActorMessage || body instanceof Outcome ? SameObject.NAME : null);
    }

    /** Within one process. */
    private static final class SameObject implements MessageCodec<Object, Object> {
        static final String NAME = "preceptor.rollout";

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
}
