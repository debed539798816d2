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
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of one kind, of this process and of others. Each gets an order only when it is idle, so a deadline measures work and not a queue. One that
 * misses a deadline, or whose heart does not beat any more ({@link Heartbeat}), is interrupted and asked to report; one that
 * does not report within the grace is replaced, after a delay that grows. For the coordinator's context.
 */
public final class ActorPool {
    private static final Logger LOG = LoggerFactory.getLogger(ActorPool.class);

    private final Vertx vertx;
    private final Terms terms;
    private final StageMeters meters;
    private final RunSupervisor supervisor;
    private final Deque<Member> idle = new ArrayDeque<>();
    private final List<Member> members = new ArrayList<>();
    private int spawned;
    private int losses;
    private int missing;
    private boolean shut;

    /** A pool without actors; {@link #hireAll} starts them. */
    public ActorPool(Vertx vertx, Terms terms, StageMeters meters, RunSupervisor supervisor) {
        this.vertx = vertx;
        this.terms = terms;
        this.meters = meters;
        this.supervisor = supervisor;
    }

    /**
     * How a pool is made and kept.
     *
     * @param name what its actors are called
     * @param size how many there are
     * @param replaceable whether one that is lost can be replaced; else losing it ends the run
     * @param patience deadline of an order, and the delays before a replacement
     * @param grace longest time between being told to stop and reporting
     * @param silence longest time without a heartbeat while it works
     * @param spawning makes an actor
     */
    public record Terms(
            String name,
            int size,
            boolean replaceable,
            RetryPolicy patience,
            Duration grace,
            Duration silence,
            Function<ActorVerticle.ActorEndpoint, ActorVerticle> spawning) {}

    /**
     * An actor and where it stands.
     *
     * @param deployment null for one of another process
     * @param throwing requests in a row that it threw at
     * @param asked what it was last asked
     */
    private record Member(
            String name,
            ActorRef line,
            @Nullable String deployment,
            ActorStatsRegistry.Account account,
            ActorFailures throwing,
            Heartbeat heartbeat,
            AtomicReference<@Nullable Promise<?>> asked) {

        Member(String name, ActorRef line, @Nullable String deployment, ActorStatsRegistry.Account account) {
            this(
                    name,
                    line,
                    deployment,
                    account,
                    new ActorFailures(),
                    new Heartbeat(line::steps),
                    new AtomicReference<>());
        }

        boolean isRemote() {
            return deployment == null;
        }

        /** The first of its answer and {@link #silent}. */
        <R> Future<Outcome<R>> ask(ActorMessage<R> order, Duration deadline) {
            Promise<Outcome<R>> first = Promise.promise();
            asked.set(first);
            line.ask(order, deadline).onComplete(first::tryComplete, first::tryFail);
            return first.future();
        }

        /** What it was asked fails; an answer that still comes is of no account. */
        void silent(DeadlineException why) {
            Promise<?> waiting = asked.getAndSet(null);
            if (waiting != null) {
                waiting.tryFail(why);
            }
        }
    }

    /** Starts all actors; fails with the reason if one cannot start. */
    public Future<?> hireAll() {
        Duration pause = Heartbeat.pause(terms.silence());
        vertx.setPeriodic(Math.max(1, pause.toMillis()), timer -> look(pause));
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            all.add(spawn());
        }
        return Future.all(all);
    }

    private Future<Member> spawn() {
        String name = terms.name() + "-" + spawned++;
        ActorVerticle.ActorEndpoint post = new ActorVerticle.ActorEndpoint("rollout." + name, new CallGuard());
        DeploymentOptions options =
                ActorVerticle.onItsOwnThread("rollout-" + name, terms.patience().deadline());
        return vertx.deployVerticle(terms.spawning().apply(post), options).map(deployment -> {
            Member member = new Member(name, new LocalActorRef(vertx, post), deployment, meters.account(name, false));
            members.add(member);
            idle.add(member);
            return member;
        });
    }

    /** Finds those that hang. */
    private void look(Duration pause) {
        long now = System.nanoTime();
        for (Member member : List.copyOf(members)) {
            if (member.heartbeat().silence(now, pause) > terms.silence().toNanos()) {
                member.silent(new DeadlineException(
                        member.name() + ": no heartbeat for " + terms.silence().toMillis() + " ms"));
            }
        }
    }

    /** An actor of another process joins, ready for orders. */
    public void admit(String name, ActorRef line) {
        Member member = new Member(name, line, null, meters.account(name, true));
        members.add(member);
        idle.add(member);
    }

    /** An actor of another process is gone. Whoever waits for its answer must be told by its line. */
    public void lose(String name) {
        members.stream()
                .filter(member -> member.isRemote() && member.name().equals(name))
                .findFirst()
                .ifPresent(this::remove);
    }

    private void remove(Member member) {
        members.remove(member);
        idle.remove(member);
        member.account().left();
    }

    /** True if there are none now, nor will be by themselves. */
    public boolean isEmpty() {
        return members.isEmpty() && missing == 0;
    }

    /** True if some of its actors are of this process. */
    public boolean isLocal() {
        return terms.size() > 0;
    }

    boolean hasIdle() {
        return !idle.isEmpty();
    }

    /** True if every actor is there and idle, also those that missed a deadline. */
    public boolean isQuiet() {
        return idle.size() == members.size() && missing == 0;
    }

    int busy() {
        return members.size() - idle.size();
    }

    int size() {
        return members.size();
    }

    /**
     * Gives the same order to every actor; all must be idle.
     *
     * @param deadline where one that misses it can be replaced
     * @return what came of each, never a failed future
     */
    public <R> Future<List<Outcome<R>>> askAll(ActorMessage<R> order, Duration deadline) {
        List<Future<Outcome<R>>> all = new ArrayList<>();
        while (!idle.isEmpty()) {
            all.add(terms.replaceable() ? askOrReplace(idle.remove(), order, deadline) : ask(order));
        }
        return Future.all(all).map(together -> all.stream().map(Future::result).toList());
    }

    /** An actor that did not take what all took is of no more use. */
    private <R> Future<Outcome<R>> askOrReplace(Member member, ActorMessage<R> order, Duration deadline) {
        return member.ask(order, deadline).transform(result -> {
            Outcome<R> outcome = result.succeeded()
                    ? result.result()
                    : new Outcome.Failed<>(new Failure(FailureKind.LOST, result.cause()));
            if (outcome instanceof Outcome.Failed<R> failed) {
                member.line().interrupt();
                replace(member, failed.failure().reason());
            } else {
                idle.add(member);
            }
            return Future.succeededFuture(outcome);
        });
    }

    /**
     * Gives an order to an idle actor; there must be one.
     *
     * @return what came of it, never a failed future
     */
    <R> Future<Outcome<R>> ask(ActorMessage<R> order) {
        Member member = idle.remove();
        return member.ask(order, terms.patience().deadline()).transform(result -> {
            if (result.succeeded()) {
                Outcome<R> outcome = result.result();
                answered(member, order, outcome);
                return Future.succeededFuture(outcome);
            }
            return Future.succeededFuture(new Outcome.Failed<R>(unanswered(member, result.cause())));
        });
    }

    /**
     * One that only throws may be broken itself, so it gives way to a new one. Another process is not given up because of a
     * single prompt, which would then end one after the other.
     */
    private void answered(Member member, ActorMessage<?> order, Outcome<?> outcome) {
        if (!members.contains(member)) {
            return; // gone since it answered
        }
        if (outcome instanceof Outcome.Done<?> done) {
            member.throwing().forget();
            meters.busy(member.name(), done.nanos());
            member.account().worked(done.nanos(), order.size(), order.tokens(done.result()));
        } else if (((Outcome.Failed<?>) outcome).failure().kind() == FailureKind.THREW) {
            member.throwing().add(order.place());
            if (isBroken(member) && terms.replaceable() && !shut) {
                replace(member, "failed " + member.throwing().times() + " times in a row");
                return;
            }
        }
        idle.add(member);
    }

    private boolean isBroken(Member member) {
        return member.throwing().times() >= terms.patience().failuresOfAnActor()
                && (!member.isRemote() || member.throwing().isOfSeveral());
    }

    private Failure unanswered(Member member, Throwable cause) {
        boolean late = cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
        if (member.isRemote()) {
            return remoteUnanswered(member, late, cause);
        }
        boolean silent = cause instanceof DeadlineException;
        if (!late && !silent) {
            replace(member, "is gone");
            return new Failure(
                    FailureKind.LOST,
                    new TeacherException(terms.name() + ": the actor is gone: " + cause.getMessage()));
        }
        String missed = silent
                ? "heartbeat was missed for " + terms.silence().toMillis() + " ms"
                : "deadline of " + terms.patience().deadline().toMillis() + " ms";
        member.line().interrupt();
        member.line().ask(new ActorMessage.Report(), terms.grace()).onComplete(report -> {
            if (report.succeeded()) {
                idle.add(member);
                supervisor.changed();
            } else {
                replace(member, "did not stop within " + terms.grace().toMillis() + " ms after its " + missed);
            }
        });
        return silent ? new Failure(FailureKind.LOST, cause) : new Failure(FailureKind.DEADLINE, tooLate(terms.name()));
    }

    /** Another process may do it: this is not the end of the run. */
    private Failure remoteUnanswered(Member member, boolean late, Throwable cause) {
        Failure failure = late
                ? new Failure(FailureKind.DEADLINE, tooLate(member.name()))
                : new Failure(FailureKind.LOST, new RemoteFailureException(member.name() + ": " + cause.getMessage()));
        replace(member, failure.reason());
        return failure;
    }

    private DeadlineException tooLate(String who) {
        return new DeadlineException(
                who + ": no answer within " + terms.patience().deadline().toMillis() + " ms");
    }

    private void replace(Member member, String why) {
        boolean there = members.contains(member);
        remove(member);
        if (shut) {
            return;
        }
        String deployment = member.deployment();
        if (deployment == null) {
            if (there) {
                member.line().dropped(why);
            }
            return;
        }
        String lost = member.name() + ": " + why;
        if (!terms.replaceable()) {
            supervisor.fail(new TeacherException(lost + "; it holds the device and cannot be replaced"));
            return;
        }
        losses++;
        missing++;
        meters.restarted();
        Duration rest = terms.patience().delay(losses);
        LOG.warn("{}; a new one starts in {} ms", lost, rest.toMillis());
        // If its thread is stuck it will never be undeployed; nobody waits for that.
        vertx.undeploy(deployment);
        vertx.setTimer(Math.max(1, rest.toMillis()), timer -> hireAgain());
    }

    private void hireAgain() {
        if (shut) {
            return;
        }
        spawn().onComplete(
                        member -> {
                            missing--;
                            supervisor.changed();
                        },
                        cause -> supervisor.fail(new TeacherException(
                                terms.name() + ": cannot be started again: " + cause.getMessage(), cause)));
    }

    /** Interrupts what runs, and lets nothing more begin. */
    public void shut() {
        shut = true;
        List.copyOf(members).forEach(member -> member.line().shut());
    }
}
