package ai.preceptor.rollout.work;

import ai.preceptor.rollout.actor.ActorPool;
import ai.preceptor.rollout.actor.ChunkVerticle;
import ai.preceptor.rollout.actor.RetryQueue;
import ai.preceptor.rollout.actor.RunSupervisor;
import ai.preceptor.rollout.actor.StageMeters;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.worker.WorkerRegistry;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands chunks to workers. All decisions are made here, on one event loop; nothing here waits. */
final class ChunkCoordinator extends VerticleBase implements RunSupervisor {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkCoordinator.class);
    /** For actors of this process, of which there are none. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final RetryQueue<ChunkJob, ActorMessage.Computed> computing;
    private final WorkerRegistry workers;
    private final Map<Long, ChunkJob> pending = new LinkedHashMap<>();
    private @Nullable RuntimeException failure;

    ChunkCoordinator(Vertx vertx, LearnerPort port, ChunkPlan plan, WorkerTerms terms, ChunkMeters meters) {
        StageMeters own = meters.stage(plan.stage());
        ActorPool.Options onlyWorkers = new ActorPool.Options(
                plan.stage(),
                0,
                true,
                plan.retries(),
                GRACE,
                terms.setting().heartbeatTimeout(),
                endpoint -> new ChunkVerticle(endpoint, () -> {
                    throw new IllegalStateException("chunks are computed by workers");
                }));
        ActorPool pool = new ActorPool(vertx, onlyWorkers, own, this);
        ChunkHandler handler = new ChunkHandler(plan.stage(), this::computed, this::fail);
        this.computing = new RetryQueue<>(vertx, pool, plan.retries(), handler, own, this);
        this.workers = new WorkerRegistry(
                vertx, port, terms, WorkerRegistry.WorkerPools.computing(pool), meters.workers(), this);
    }

    /** Completes when enough workers have joined. */
    @Override
    public Future<?> start() {
        return computing
                .pool()
                .startAll()
                .compose(none -> workers.open(0))
                .recover(cause -> workers.close("the run is over").transform(said -> Future.failedFuture(cause)));
    }

    /** Computes a chunk; fails with what ended the stage. */
    Future<byte[]> compute(ActorMessage.Compute request) {
        ChunkJob job = new ChunkJob(request);
        return onContext(job.result(), () -> {
            if (failure != null) {
                job.result().fail(failure);
                return;
            }
            pending.put(request.chunk(), job);
            computing.add(job);
            pump();
        });
    }

    private void computed(ChunkJob job, byte[] result) {
        pending.remove(job.request().chunk());
        job.result().complete(result);
    }

    /** Ends the stage for this reason, unless it has ended; completes when workers are told. */
    Future<Void> halt(RuntimeException cause) {
        Promise<Void> promise = Promise.promise();
        return onContext(promise, () -> {
            end(cause);
            workers.close("the run is over").onComplete(said -> promise.complete());
        });
    }

    private <R> Future<R> onContext(Promise<R> promise, Runnable what) {
        try {
            context.runOnContext(none -> what.run());
        } catch (RejectedExecutionException e) { // its event loop has ended
            promise.fail(new IllegalStateException("the workers' chunks are closed", e));
        }
        return promise.future();
    }

    private void end(RuntimeException cause) {
        if (failure == null) {
            failure = cause;
            computing.pool().shut();
            List.copyOf(pending.values()).forEach(job -> job.result().tryFail(cause));
            pending.clear();
        }
    }

    @Override
    public void changed() {
        pump();
    }

    @Override
    public boolean isOver() {
        return failure != null;
    }

    @Override
    public void fail(RuntimeException cause) {
        if (failure == null && !(cause instanceof CancellationException)) {
            LOG.error("the workers' chunks end: {}", cause.getMessage());
        }
        end(cause);
    }

    private void pump() {
        if (failure == null) {
            workers.settle();
            computing.dispatch();
            computing.show();
        }
    }
}
