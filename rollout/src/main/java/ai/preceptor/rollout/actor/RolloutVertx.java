package ai.preceptor.rollout.actor;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
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
        RolloutCodec.install(vertx);
        return vertx;
    }
}
