package ai.preceptor.rollout.actor;

import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadlineException;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of one kind, in this process and in others. An actor gets a request only when it is idle, so a deadline
 * measures work and not time in a queue. An actor that misses a deadline, or makes no steps ({@link Heartbeat}), is
 * interrupted and asked to report; if it does not report within the grace period it is replaced, after a delay that grows
 * with every replacement. For the coordinator's context only.
 */
public final class ActorPool {
    private static final Logger LOG = LoggerFactory.getLogger(ActorPool.class);

    private final Vertx vertx;
    private final Options options;
    private final StageMeters meters;
    private final RunSupervisor supervisor;
    private final Deque<PooledActor> idle = new ArrayDeque<>();
    private final List<PooledActor> actors = new ArrayList<>();
    private int spawned;
    private int losses;
    private int missing;
    private boolean shut;
    private final Set<CallGuard> opening = new HashSet<>();
    private Future<?> opened = Future.succeededFuture();

    /** A pool without actors; {@link #startAll} starts them. */
    public ActorPool(Vertx vertx, Options options, StageMeters meters, RunSupervisor supervisor) {
        this.vertx = vertx;
        this.options = options;
        this.meters = meters;
        this.supervisor = supervisor;
    }

    /**
     * How a pool is built.
     *
     * @param name prefix of its actors' names
     * @param size actors of this process, 0 or more
     * @param replaceable whether a lost actor can be replaced; otherwise losing one ends the run
     * @param retryPolicy deadline of a request, and delays before a replacement
     * @param grace longest time from the interrupt to the report
     * @param heartbeatTimeout longest time without a step while it works
     * @param factory makes an actor
     */
    public record Options(
            String name,
            int size,
            boolean replaceable,
            RetryPolicy retryPolicy,
            Duration grace,
            Duration heartbeatTimeout,
            Function<ActorVerticle.ActorEndpoint, ActorVerticle> factory) {}

    /**
     * An actor and its state.
     *
     * @param deployment null for an actor of another process
     * @param failures the prompts of the requests in a row at which it threw, by their index
     * @param asked promise of its last request
     */
    private record PooledActor(
            String name,
            ActorRef ref,
            @Nullable String deployment,
            ActorStatsRegistry.Entry entry,
            List<Long> failures,
            Heartbeat heartbeat,
            AtomicReference<@Nullable Promise<?>> asked) {

        PooledActor(String name, ActorRef ref, @Nullable String deployment, ActorStatsRegistry.Entry entry) {
            this(name, ref, deployment, entry, new ArrayList<>(), new Heartbeat(ref::steps), new AtomicReference<>());
        }

        boolean isRemote() {
            return deployment == null;
        }

        /** The first of its answer and {@link #timedOut}. */
        <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline) {
            Promise<Outcome<R>> first = Promise.promise();
            asked.set(first);
            ref.ask(request, deadline).onComplete(first::tryComplete, first::tryFail);
            // An idle actor does not keep its last answer in memory.
            return first.future().onComplete(done -> asked.compareAndSet(first, null));
        }

        /** Fails the pending request; a late answer is ignored. */
        void timedOut(DeadlineException why) {
            Promise<?> waiting = asked.getAndSet(null);
            if (waiting != null) {
                waiting.tryFail(why);
            }
        }
    }

    /** Starts all actors; fails with the cause if one cannot start, after all have started or failed. */
    public Future<?> startAll() {
        Duration pause = Heartbeat.interval(options.heartbeatTimeout());
        vertx.setPeriodic(Math.max(1, pause.toMillis()), timer -> checkHeartbeats(pause));
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            all.add(spawn());
        }
        return Future.join(all);
    }

    private Future<PooledActor> spawn() {
        String name = options.name() + "-" + spawned++;
        ActorVerticle.ActorEndpoint endpoint = new ActorVerticle.ActorEndpoint("rollout." + name, new CallGuard());
        DeploymentOptions deploymentOptions = ActorVerticle.onItsOwnThread(
                "rollout-" + name, options.retryPolicy().deadline());
        opening.add(endpoint.guard());
        Future<String> deployed = vertx.deployVerticle(options.factory().apply(endpoint), deploymentOptions)
                .onComplete(done -> opening.remove(endpoint.guard()));
        opened = opened.eventually(deployed::otherwiseEmpty);
        return deployed.map(deployment -> {
            PooledActor actor =
                    new PooledActor(name, new LocalActorRef(vertx, endpoint), deployment, meters.entry(name, false));
            actors.add(actor);
            idle.add(actor);
            return actor;
        });
    }

    /**
     * Completes when every actor of this process that was started so far has opened or failed. Vert.x never stops a verticle
     * that is still starting.
     */
    public Future<?> opened() {
        return opened;
    }

    /** Fails the requests of actors that make no steps. */
    private void checkHeartbeats(Duration pause) {
        long now = System.nanoTime();
        for (PooledActor actor : List.copyOf(actors)) {
            if (actor.heartbeat().sinceLastStep(now, pause)
                    > options.heartbeatTimeout().toNanos()) {
                actor.timedOut(new DeadlineException(actor.name() + ": no heartbeat for "
                        + options.heartbeatTimeout().toMillis() + " ms"));
            }
        }
    }

    /** Adds an idle actor of another process. */
    public void admit(String name, ActorRef ref) {
        PooledActor actor = new PooledActor(name, ref, null, meters.entry(name, true));
        actors.add(actor);
        idle.add(actor);
    }

    /** Removes an actor of another process; its {@link ActorRef} must fail the pending request. */
    public void lose(String name) {
        actors.stream()
                .filter(actor -> actor.isRemote() && actor.name().equals(name))
                .findFirst()
                .ifPresent(this::remove);
    }

    private void remove(PooledActor actor) {
        actors.remove(actor);
        idle.remove(actor);
        actor.entry().removed();
    }

    /** True if there are no actors, and none is about to be restarted. */
    public boolean isEmpty() {
        return actors.isEmpty() && missing == 0;
    }

    /** True if it has actors of this process. */
    public boolean isLocal() {
        return options.size() > 0;
    }

    boolean hasIdle() {
        return !idle.isEmpty();
    }

    /** True if every actor is idle, including those that missed a deadline. */
    public boolean isQuiet() {
        return idle.size() == actors.size() && missing == 0;
    }

    int busy() {
        return actors.size() - idle.size();
    }

    int size() {
        return actors.size();
    }

    /**
     * Sends the same request to every actor; all must be idle.
     *
     * @param deadline used where actors can be replaced
     * @return what came of each, never a failed future
     */
    public <R> Future<List<Outcome<R>>> askAll(ActorMessage<R> request, Duration deadline) {
        List<Future<Outcome<R>>> all = new ArrayList<>();
        while (!idle.isEmpty()) {
            all.add(options.replaceable() ? askOrReplace(idle.remove(), request, deadline) : ask(request));
        }
        return Future.all(all).map(together -> all.stream().map(Future::result).toList());
    }

    /** Replaces an actor that fails at what all must do. */
    private <R> Future<Outcome<R>> askOrReplace(PooledActor actor, ActorMessage<R> request, Duration deadline) {
        return actor.ask(request, deadline).transform(result -> {
            Outcome<R> outcome =
                    result.succeeded() ? result.result() : Outcome.failed(FailureKind.LOST, result.cause());
            if (outcome instanceof Outcome.Failed<R> failed) {
                actor.ref().interrupt();
                replace(actor, failed.failure().reason());
            } else {
                idle.add(actor);
            }
            return Future.succeededFuture(outcome);
        });
    }

    /**
     * Sends a request to an idle actor; there must be one.
     *
     * @return what came of it, never a failed future
     */
    <R> Future<Outcome<R>> ask(ActorMessage<R> request) {
        PooledActor actor = idle.remove();
        return actor.ask(request, options.retryPolicy().deadline()).transform(result -> {
            if (result.succeeded()) {
                Outcome<R> outcome = result.result();
                answered(actor, request, outcome);
                return Future.succeededFuture(outcome);
            }
            return Future.succeededFuture(new Outcome.Failed<R>(unanswered(actor, result.cause())));
        });
    }

    /**
     * An actor that throws again and again may be broken itself, so it is replaced. A remote one is not dropped because of a
     * single prompt: that prompt would end one worker after the other.
     */
    private void answered(PooledActor actor, ActorMessage<?> request, Outcome<?> outcome) {
        if (!actors.contains(actor)) {
            return; // removed since it answered
        }
        if (outcome instanceof Outcome.Done<?> done) {
            actor.failures().clear();
            meters.busy(actor.name(), done.nanos());
            actor.entry().worked(done.nanos(), request.size(), request.tokens(done.result()));
        } else if (((Outcome.Failed<?>) outcome).failure().kind() == FailureKind.THREW) {
            actor.failures().add(request.place());
            if (isBroken(actor) && options.replaceable() && !shut) {
                replace(actor, "failed " + actor.failures().size() + " times in a row");
                return;
            }
        }
        idle.add(actor);
    }

    private boolean isBroken(PooledActor actor) {
        return actor.failures().size() >= options.retryPolicy().failuresOfAnActor()
                && (!actor.isRemote() || actor.failures().stream().distinct().count() > 1);
    }

    private Failure unanswered(PooledActor actor, Throwable cause) {
        boolean late = cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
        if (actor.isRemote()) {
            return remoteUnanswered(actor, late, cause);
        }
        boolean timedOut = cause instanceof DeadlineException;
        if (!late && !timedOut) {
            replace(actor, "is gone");
            return new Failure(
                    FailureKind.LOST,
                    new TeacherException(options.name() + ": the actor is gone: " + cause.getMessage()));
        }
        String missed = timedOut
                ? "heartbeat was missed for " + options.heartbeatTimeout().toMillis() + " ms"
                : "deadline of " + options.retryPolicy().deadline().toMillis() + " ms";
        actor.ref().interrupt();
        actor.ref().ask(new ActorMessage.Report(), options.grace()).onComplete(report -> {
            if (report.succeeded()) {
                idle.add(actor);
                supervisor.changed();
            } else {
                replace(actor, "did not stop within " + options.grace().toMillis() + " ms after its " + missed);
            }
        });
        return timedOut
                ? new Failure(FailureKind.LOST, cause)
                : new Failure(FailureKind.DEADLINE, tooLate(options.name()));
    }

    /** Another worker may retry it, so this does not end the run. */
    private Failure remoteUnanswered(PooledActor actor, boolean late, Throwable cause) {
        Failure failure = late
                ? new Failure(FailureKind.DEADLINE, tooLate(actor.name()))
                : new Failure(FailureKind.LOST, new RemoteFailureException(actor.name() + ": " + cause.getMessage()));
        replace(actor, failure.reason());
        return failure;
    }

    private DeadlineException tooLate(String who) {
        return new DeadlineException(
                who + ": no answer within " + options.retryPolicy().deadline().toMillis() + " ms");
    }

    private void replace(PooledActor actor, String why) {
        boolean there = actors.contains(actor);
        remove(actor);
        if (shut) {
            return;
        }
        String deployment = actor.deployment();
        if (deployment == null) {
            if (there) {
                actor.ref().dropped(why);
            }
            return;
        }
        String lost = actor.name() + ": " + why;
        if (!options.replaceable()) {
            supervisor.fail(new TeacherException(lost + "; it holds the device and cannot be replaced"));
            return;
        }
        losses++;
        missing++;
        meters.restarted();
        Duration delay = options.retryPolicy().delay(losses);
        LOG.warn("{}; a new one starts in {} ms", lost, delay.toMillis());
        // A stuck thread is never undeployed, so nothing waits for it.
        vertx.undeploy(deployment);
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> respawn());
    }

    private void respawn() {
        if (shut) {
            return;
        }
        spawn().onComplete(
                        actor -> {
                            missing--;
                            supervisor.changed();
                        },
                        cause -> supervisor.fail(new TeacherException(
                                options.name() + ": cannot be started again: " + cause.getMessage(), cause)));
    }

    /** Interrupts running requests and refuses new ones; actors that are opening close what they open. */
    public void shut() {
        shut = true;
        opening.forEach(CallGuard::shut);
        List.copyOf(actors).forEach(actor -> actor.ref().shut());
    }
}
