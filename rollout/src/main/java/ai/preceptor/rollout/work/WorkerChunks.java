package ai.preceptor.rollout.work;

import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.RolloutVertx;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Awaited;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The chunks of an offline stage, computed by workers: processes with a {@link ai.preceptor.rollout.worker.WorkerNode} whose
 * host gives a {@link ai.preceptor.rollout.worker.WorkerHost.ChunkRuntime}. Workers may join, leave and fail at any time;
 * the results do not depend on them.
 *
 * <p>A chunk whose worker fails or is lost is computed by another, at most as often as the plan says. Rows and settings that
 * cannot be used end the stage at once, with the exception that one process would throw.
 *
 * <p>One thread at a time runs; {@link #close} may come from any thread.
 */
public final class WorkerChunks implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final ChunkPlan plan;
    private final LearnerPort port;
    private final ChunkMeters meters;
    private final Vertx vertx;
    private final ChunkCoordinator coordinator;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WorkerChunks(ChunkPlan plan, WorkerTerms terms, MeterRegistry registry) {
        if (terms.weights() != null) {
            throw new IllegalArgumentException("terms: received weights, expected none: workers have the files");
        }
        this.plan = plan;
        this.port = LearnerPort.bind(terms.setting());
        this.meters = new ChunkMeters(registry);
        this.vertx = RolloutVertx.start(1);
        this.coordinator = new ChunkCoordinator(vertx, port, plan, terms, meters);
    }

    /**
     * Listens, and waits until enough workers have joined.
     *
     * @throws ai.preceptor.data.ConfigurationException if the port cannot be bound
     * @throws TeacherException if too few join within the setting's {@code joinTimeout}
     * @throws CancellationException if the thread is interrupted
     */
    public static WorkerChunks start(ChunkPlan plan, WorkerTerms terms, MeterRegistry registry) {
        WorkerChunks chunks = new WorkerChunks(plan, terms, registry);
        try {
            Awaited.of(chunks.vertx.deployVerticle(chunks.coordinator))
                    .orThrow(terms.setting().joinTimeout().plus(GRACE));
            return chunks;
        } catch (RuntimeException e) {
            chunks.closed.set(true);
            chunks.stop();
            throw e;
        }
    }

    /** Where workers find it. */
    public ClusterAddress address() {
        return port.address();
    }

    /** Computes the chunks of a whole stage: as {@link #run(long, Iterator, Consumer)} from chunk 0 on. */
    public void run(Iterator<byte[]> inputs, Consumer<byte[]> results) {
        run(0, inputs, results);
    }

    /**
     * Computes chunks. An input is read when fewer than the plan's {@code window} chunks are read and not taken; both
     * arguments are called on this thread only. May be called again for other chunks, but not after an exception.
     *
     * @param first number of the first chunk, 0 or more: those before it were computed earlier
     * @param inputs each at most {@link ActorMessage#LONGEST_CHUNK} bytes; do not modify them afterwards
     * @param results takes every result, in the order of the inputs
     * @throws ai.preceptor.data.DataException what a worker threw for rows that cannot be used
     * @throws ai.preceptor.data.ConfigurationException what a worker threw for settings that cannot be used; a chunk is
     *     too long to be sent
     * @throws ai.preceptor.data.ScorerException if a chunk failed for good in a scorer
     * @throws TeacherException if a chunk failed for good for another reason, or no worker was left for longer than the
     *     setting's {@code joinTimeout}
     * @throws CancellationException if the thread is interrupted, or {@link #close} is called
     */
    public synchronized void run(long first, Iterator<byte[]> inputs, Consumer<byte[]> results) {
        if (first < 0) {
            throw new IllegalArgumentException("first: received " + first + ", expected 0 or more");
        }
        if (closed.get()) {
            throw new IllegalStateException(plan.stage() + ": the workers' chunks are closed");
        }
        try {
            compute(first, inputs, results);
        } catch (RuntimeException | Error e) {
            coordinator.halt(new CancellationException(plan.stage() + ": ended by " + e));
            throw e;
        }
    }

    private void compute(long first, Iterator<byte[]> inputs, Consumer<byte[]> results) {
        Deque<Awaited<byte[]>> coming = new ArrayDeque<>();
        long next = first;
        while (true) {
            while (coming.size() < plan.window() && inputs.hasNext()) {
                coming.add(Awaited.of(coordinator.compute(new ActorMessage.Compute(next++, inputs.next()))));
            }
            if (coming.isEmpty()) {
                return;
            }
            results.accept(coming.remove().orThrow(FOREVER));
        }
    }

    /** Statistics of every worker so far, in the order in which they joined; {@code prompts} are chunks. */
    public List<ActorStats> actors() {
        return meters.stats();
    }

    /** Tells workers that the stage is over, and stops listening. A running call gets a {@link CancellationException}. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Awaited.of(coordinator.halt(new CancellationException(plan.stage() + ": the workers' chunks were closed")))
                .quietly(GRACE);
        stop();
    }

    private void stop() {
        try {
            port.close();
            Awaited.of(vertx.close()).quietly(GRACE);
        } finally {
            meters.close();
        }
    }
}
