package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.Outcome;
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
 * Jobs that wait for a pool, lowest place first. A job that fails is tried again after a rest that grows, and given up when
 * its retries are used up; when too many fail in a row, or one for good, the run ends with the first cause. For the
 * coordinator's context.
 *
 * @param <J> a job
 * @param <R> what an actor makes of it
 */
public final class RetryQueue<J, R> {
    private static final Logger LOG = LoggerFactory.getLogger(RetryQueue.class);

    private final Vertx vertx;
    private final ActorPool pool;
    private final RetryPolicy patience;
    private final StageHandler<J, R> work;
    private final StageMeters meters;
    private final RunSupervisor supervisor;
    private final FailureStreak row;
    private final TreeMap<Long, Task<J>> waiting = new TreeMap<>();

    /** An empty queue of a pool. */
    public RetryQueue(
            Vertx vertx,
            ActorPool pool,
            RetryPolicy patience,
            StageHandler<J, R> work,
            StageMeters meters,
            RunSupervisor supervisor) {
        this.vertx = vertx;
        this.pool = pool;
        this.patience = patience;
        this.work = work;
        this.meters = meters;
        this.supervisor = supervisor;
        this.row = new FailureStreak(patience.maxFailuresInARow());
    }

    /** A job with its past. */
    private record Task<J>(J job, int failures, @Nullable Failure first) {

        Task<J> failedBy(Failure failure) {
            return new Task<>(job, failures + 1, first == null ? failure : first);
        }
    }

    /** A job that may begin. */
    public void add(J job) {
        enqueue(new Task<>(job, 0, null));
    }

    private void enqueue(Task<J> task) {
        waiting.put(work.index(task.job()), task);
    }

    /** Takes back jobs that have not begun. */
    public List<J> withdraw(Predicate<J> which) {
        List<J> withdrawn = new ArrayList<>();
        waiting.values().removeIf(task -> which.test(task.job()) && withdrawn.add(task.job()));
        return withdrawn;
    }

    int waiting() {
        return waiting.size();
    }

    /** Gives jobs to actors as long as there are both. */
    public void dispatch() {
        while (pool.hasIdle() && !waiting.isEmpty()) {
            Task<J> task = waiting.pollFirstEntry().getValue();
            pool.ask(work.order(task.job())).onSuccess(outcome -> {
                settle(task, outcome);
                supervisor.changed();
            });
        }
    }

    private void settle(Task<J> task, Outcome<R> outcome) {
        if (supervisor.isOver()) {
            return; // what was interrupted is no failure
        }
        if (outcome instanceof Outcome.Failed<R> failed) {
            failed(task, failed.failure());
        } else if (outcome instanceof Outcome.Done<R> done) {
            meters.worked(done.nanos());
            Optional<Failure> problem = work.done(task.job(), done.result(), done.nanos());
            problem.ifPresentOrElse(this::count, row::end);
        }
    }

    private void failed(Task<J> task, Failure failure) {
        if (!count(failure)) {
            return;
        }
        List<J> parts = work.parts(task.job());
        if (parts.size() > 1) {
            LOG.warn("{}: {}; its {} prompts are tried apart", name(task.job()), failure.reason(), parts.size());
            meters.retried();
            parts.forEach(this::add);
            return;
        }
        Task<J> next = task.failedBy(failure);
        if (next.failures() > patience.retries()) {
            Failure first = next.first() == null ? failure : next.first();
            LOG.warn("{}: given up after {} attempts: {}", name(task.job()), next.failures(), first.reason());
            work.givenUp(task.job(), first);
            return;
        }
        meters.retried();
        Duration rest = patience.delay(next.failures());
        LOG.warn("{}: {}; tried again in {} ms", name(task.job()), failure.reason(), rest.toMillis());
        vertx.setTimer(Math.max(1, rest.toMillis()), timer -> {
            enqueue(next);
            supervisor.changed();
        });
    }

    /** Adds a failure to the row; false if it ended the run. */
    private boolean count(Failure failure) {
        meters.failed(failure.kind());
        Failure first = row.add(failure);
        if (failure.isFinal()) {
            if (first.cause() != failure.cause()) {
                failure.cause().addSuppressed(first.cause());
            }
            supervisor.fail(work.fatal(failure.reason(), failure.cause()));
            return false;
        }
        if (row.isTooLong()) {
            supervisor.fail(
                    work.fatal(row.length() + " failures in a row, the first: " + first.reason(), first.cause()));
            return false;
        }
        return true;
    }

    private String name(J job) {
        return work.name() + ": prompt " + work.index(job);
    }
}
