package ai.preceptor.rollout;

import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.TrajectorySource;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.RolloutVertx;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.message.Awaited;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completions that the policy samples and a scorer scores, made by actors while the learner waits or trains.
 *
 * <p>The learner takes {@code promptsPerStep} prompts with {@link #next}, updates the weights, calls {@link
 * #publish}, and repeats. What it gets depends on the plan, the prompts, the engine and the scorer, and, unless {@link
 * OnStale#DROP} is chosen with a staleness above 0, on nothing else: neither on the number of scorers nor on
 * timing.
 *
 * <p>On a shared device ({@link DeviceLease#shared}) the learner may use the model whenever it is not inside one of these
 * two methods, and must not while it is. With weights of its own, the generator reads the learner's inside {@code publish}.
 *
 * <p>A scorer that throws, hangs or answers the wrong number of scores is retried; after that its completions are unscored, with
 * the reason. A prompt that cannot be answered is retried alone, and then set aside ({@link #deadLetters}); the next
 * prompt takes its place. When too much fails in a row, the first cause ends the run.
 *
 * <p>One learner thread at a time; {@link #close} may come from any thread.
 */
public final class VertxRollouts implements TrajectorySource {
    private static final Logger LOG = LoggerFactory.getLogger(VertxRollouts.class);

    private final RolloutPlan plan;
    private final DeviceLease lease;
    private final RolloutMeters meters;
    private final Progress progress;
    private final Vertx vertx;
    private final RolloutCoordinator coordinator;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<DeviceLease.@Nullable Hold> device = new AtomicReference<>();

    private final @Nullable LearnerPort port;

    private VertxRollouts(RolloutSetup setup) {
        this.plan = setup.plan();
        this.lease = setup.lease();
        this.meters = new RolloutMeters(setup.registry(), plan);
        this.progress = new Progress(setup.firstIndex(), setup.version());
        WorkerTerms workers = setup.workers();
        this.port = workers == null ? null : LearnerPort.bind(workers.setting());
        // One more thread where weights are written, which may be slow.
        this.vertx = RolloutVertx.start(workers == null ? 1 : 2);
        this.coordinator = new RolloutCoordinator(vertx, port, setup, meters, progress);
    }

    /** Starts with a plan; {@link RolloutSetup} says what else is needed. */
    public static RolloutSetupBuilder builder(RolloutPlan plan) {
        return RolloutSetup.builder(plan);
    }

    /** Starts all actors; closes what was started if one cannot start. */
    static VertxRollouts start(RolloutSetup setup) {
        VertxRollouts rollouts = new VertxRollouts(setup);
        Awaited<String> deployed = null;
        try {
            rollouts.takeDevice();
            deployed = Awaited.of(rollouts.vertx.deployVerticle(rollouts.coordinator));
            deployed.orThrow(setup.plan().learnerDeadline());
            return rollouts;
        } catch (RuntimeException e) {
            try {
                rollouts.closed.set(true);
                if (deployed != null && !deployed.result().isDone()) {
                    Awaited.of(rollouts.coordinator.halt()).quietly(setup.plan().grace());
                }
                rollouts.stop();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /**
     * The completions of the next prompts, in the order of the prompts; fewer or none when there are no more prompts.
     *
     * @throws IllegalArgumentException if {@code prompts} is below 1
     * @throws IllegalStateException with {@link OnStale#WAIT}, if so many may not be taken before the next {@link
     *     #publish}
     * @throws ai.preceptor.data.ScorerException if too much scoring failed in a row
     * @throws TeacherException if too much generation failed in a row, or a teacher or an actor failed for good, or it
     *     took longer than the plan's {@code learnerDeadline}
     * @throws CancellationException if {@link #close} was called, or the thread interrupted, during the call
     */
    @Override
    public synchronized List<Trajectory> next(int prompts) {
        if (prompts < 1) {
            throw new IllegalArgumentException("prompts: received " + prompts + ", expected 1 or more");
        }
        return withoutDevice(() -> coordinator.pull(prompts), meters.learnerWait());
    }

    /**
     * Publishes new weights. Returns when the generators have loaded them.
     *
     * @param version the new weights' version: optimizer steps made so far; above the last one
     * @throws IllegalArgumentException if it is not above the last one
     * @throws TeacherException if no generator can load them, or the run has failed
     * @throws CancellationException if {@link #close} was called, or the thread interrupted, during the call
     */
    public synchronized void publish(long version) {
        withoutDevice(() -> coordinator.publish(version), meters.publication());
    }

    /** Prompts that were set aside so far, each with its first cause. */
    public List<DeadLetter> deadLetters() {
        return List.copyOf(progress.deadLetters());
    }

    /** Statistics of every actor so far, including those of other processes, in the order in which they joined. */
    public List<ActorStats> actors() {
        return meters.actorStats().stats();
    }

    /**
     * Index of the first prompt that the learner has not got: where a resumed run continues. With {@code maxStaleness} 0 a
     * resumed run equals an uninterrupted one; with more, prompts that were sampled ahead are resampled.
     */
    public long cursor() {
        return progress.cursor().get();
    }

    /** Version of the current weights. */
    public long version() {
        return progress.version().get();
    }

    private <R> R withoutDevice(Supplier<Future<R>> request, Timer timer) {
        if (closed.get()) {
            throw new IllegalStateException("rollouts are closed");
        }
        long began = System.nanoTime();
        releaseDevice();
        try {
            R result = answer(request.get());
            takeDevice();
            return result;
        } catch (RuntimeException e) {
            takeBackDevice(e);
            throw e;
        } finally {
            timer.record(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** The coordinator keeps the deadline, since it can report what was missing; this one is for the coordinator itself. */
    private <R> R answer(Future<R> coming) {
        try {
            return Awaited.of(coming).orThrow(plan.learnerDeadline().plus(plan.grace()));
        } catch (CancellationException e) {
            // The coordinator may have collected groups for this call already, so the run cannot continue.
            coordinator.halt();
            throw e;
        }
    }

    private void takeDevice() {
        device.set(lease.take("learner", plan.grace()));
    }

    private void takeBackDevice(RuntimeException cause) {
        try {
            takeDevice();
        } catch (RuntimeException kept) {
            cause.addSuppressed(kept);
        }
    }

    private void releaseDevice() {
        DeviceLease.Hold mine = device.getAndSet(null);
        if (mine != null) {
            mine.close();
        }
    }

    /**
     * Ends the run: no request starts, running ones are interrupted, then scorers and engines, also those that are still opening, are
     * closed on their own threads, and all threads end. A waiting learner gets a {@link CancellationException}.
     *
     * @throws TeacherException if an actor does not stop within the plan's {@code grace}; it may still use its model
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Awaited.of(coordinator.halt()).quietly(plan.grace());
        stop();
    }

    private void stop() {
        try {
            if (port != null) {
                port.close();
            }
            boolean stopped = Awaited.of(vertx.close()).quietly(plan.grace());
            List<String> running = progress.running();
            if (!stopped) {
                throw new TeacherException(
                        "rollouts: still running " + plan.grace() + " after they were told to stop: " + running);
            }
            if (!running.isEmpty()) {
                LOG.warn("rollouts are closed, but these actors were replaced before and still hang: {}", running);
            }
        } finally {
            releaseDevice();
            meters.close();
        }
    }
}
