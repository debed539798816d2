package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs that wait for a pool, lowest index first. A job that fails is retried after a delay that grows, and given up when
 * its retries are used up. When too many fail in a row, or one fails for good, the run ends with the first cause; a lost
 * worker is such a failure only for a job that is given up. For the coordinator's context only.
 *
 * @param <J> a job
 * @param <R> its result
 */
public final class RetryQueue<J, R> {
    private static final Logger LOG = LoggerFactory.getLogger(RetryQueue.class);

    private final Vertx vertx;
    private final ActorPool pool;
    private final RetryPolicy policy;
    private final StageHandler<J, R> handler;
    private final StageMeters meters;
    private final RunSupervisor supervisor;
    private final TreeMap<Long, Task<J>> waiting = new TreeMap<>();
    private int failuresInARow;
    /** The first of them, which is most often the cause of the rest. */
    private @Nullable Failure firstInARow;

    /** An empty queue of a pool. */
    public RetryQueue(
            Vertx vertx,
            ActorPool pool,
            RetryPolicy policy,
            StageHandler<J, R> handler,
            StageMeters meters,
            RunSupervisor supervisor) {
        this.vertx = vertx;
        this.pool = pool;
        this.policy = policy;
        this.handler = handler;
        this.meters = meters;
        this.supervisor = supervisor;
    }

    /** A job and its failures so far. */
    private record Task<J>(J job, int failures, @Nullable Failure first) {

        Task<J> failedBy(Failure failure) {
            return new Task<>(job, failures + 1, first == null ? failure : first);
        }
    }

    /** Adds a job. */
    public void add(J job) {
        enqueue(new Task<>(job, 0, null));
    }

    private void enqueue(Task<J> task) {
        waiting.put(handler.index(task.job()), task);
    }

    /** Removes jobs that have not started. */
    public List<J> withdraw(Predicate<J> which) {
        List<J> withdrawn = new ArrayList<>();
        waiting.values().removeIf(task -> which.test(task.job()) && withdrawn.add(task.job()));
        return withdrawn;
    }

    /** The actors that do the jobs. */
    public ActorPool pool() {
        return pool;
    }

    /** Updates the gauges. */
    public void show() {
        meters.show(waiting.size(), pool);
    }

    /** Sends jobs to idle actors. */
    public void dispatch() {
        while (pool.hasIdle() && !waiting.isEmpty()) {
            Task<J> task = waiting.pollFirstEntry().getValue();
            pool.ask(handler.request(task.job())).onSuccess(outcome -> {
                settle(task, outcome);
                supervisor.changed();
            });
        }
    }

    private void settle(Task<J> task, Outcome<R> outcome) {
        if (supervisor.isOver()) {
            return; // an interrupt is not a failure
        }
        if (outcome instanceof Outcome.Failed<R> failed) {
            meters.failed(failed.failure().kind());
            failed(task, failed.failure());
        } else if (outcome instanceof Outcome.Done<R> done) {
            meters.worked(done.nanos());
            Optional<Failure> problem = handler.done(task.job(), done.result(), done.nanos());
            problem.ifPresentOrElse(
                    failure -> {
                        meters.failed(failure.kind());
                        count(failure);
                    },
                    () -> {
                        failuresInARow = 0;
                        firstInARow = null;
                    });
        }
    }

    /** Workers may leave, many of them at once: that counts only where it happens to one job again and again. */
    private void failed(Task<J> task, Failure failure) {
        boolean workerLeft = isLostWorker(failure);
        if (!workerLeft && !count(failure)) {
            return;
        }
        List<J> parts = handler.parts(task.job());
        if (parts.size() > 1) {
            LOG.warn("{}: {}; its {} prompts are retried one by one", name(task.job()), failure.reason(), parts.size());
            meters.retried();
            parts.forEach(this::add);
            return;
        }
        Task<J> next = task.failedBy(failure);
        if (next.failures() > policy.retries()) {
            if (workerLeft && !count(failure)) {
                return;
            }
            Failure first = next.first() == null ? failure : next.first();
            LOG.warn("{}: given up after {} attempts: {}", name(task.job()), next.failures(), first.reason());
            handler.givenUp(task.job(), first);
            return;
        }
        meters.retried();
        Duration delay = policy.delay(next.failures());
        LOG.warn("{}: {}; retried in {} ms", name(task.job()), failure.reason(), delay.toMillis());
        vertx.setTimer(Math.max(1, delay.toMillis()), timer -> {
            enqueue(next);
            supervisor.changed();
        });
    }

    private static boolean isLostWorker(Failure failure) {
        return failure.kind() == FailureKind.LOST && failure.cause() instanceof RemoteFailureException;
    }

    /** Counts a failure; false if it ended the run. */
    private boolean count(Failure failure) {
        failuresInARow++;
        Failure first = firstInARow == null ? failure : firstInARow;
        firstInARow = first;
        if (handler.isFinal(failure)) {
            if (first.cause() != failure.cause()) {
                failure.cause().addSuppressed(first.cause());
            }
            supervisor.fail(handler.fatal(failure.reason(), failure.cause()));
            return false;
        }
        if (failuresInARow >= policy.maxFailuresInARow()) {
            supervisor.fail(
                    handler.fatal(failuresInARow + " failures in a row, the first: " + first.reason(), first.cause()));
            return false;
        }
        return true;
    }

    private String name(J job) {
        return handler.name() + ": " + handler.unit() + " " + handler.index(job);
    }
}
