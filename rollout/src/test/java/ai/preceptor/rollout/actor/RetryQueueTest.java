package ai.preceptor.rollout.actor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.Outcome;
import ai.preceptor.rollout.message.RemoteFailureException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Jobs whose workers are lost. */
class RetryQueueTest {
    private static final int JOBS = 20;
    private static final RetryPolicy POLICY =
            new RetryPolicy(Duration.ofSeconds(20), 2, Duration.ofMillis(1), Duration.ofMillis(4), 3);

    private final Vertx vertx = RolloutVertx.start(1);
    private final Context context = vertx.getOrCreateContext();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Long> done = new CopyOnWriteArrayList<>();
    private final List<Long> givenUp = new CopyOnWriteArrayList<>();
    private final List<String> dropped = new CopyOnWriteArrayList<>();
    private final List<RuntimeException> ends = new CopyOnWriteArrayList<>();
    private final StageMeters meters =
            new StageMeters(registry, "test", new ActorStatsRegistry(System::nanoTime), new Gauges(registry));
    private final Run run = new Run();
    private final ActorPool pool = new ActorPool(
            vertx,
            new ActorPool.Options("test", 0, true, POLICY, Duration.ofSeconds(1), Duration.ofSeconds(60), endpoint -> {
                throw new IllegalStateException("only workers");
            }),
            meters,
            run);
    private final RetryQueue<Long, ActorMessage.Ready> queue =
            new RetryQueue<>(vertx, pool, POLICY, new Jobs(), meters, run);
    private boolean othersCome;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private final class Run implements RunSupervisor {
        @Override
        public void changed() {
            queue.dispatch();
        }

        @Override
        public boolean isOver() {
            return !ends.isEmpty();
        }

        @Override
        public void fail(RuntimeException cause) {
            ends.add(cause);
        }
    }

    private final class Jobs implements StageHandler<Long, ActorMessage.Ready> {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public long index(Long job) {
            return job;
        }

        @Override
        public ActorMessage<ActorMessage.Ready> request(Long job) {
            return new ActorMessage.Refresh(job);
        }

        @Override
        public Optional<Failure> done(Long job, ActorMessage.Ready result, long nanos) {
            done.add(job);
            return Optional.empty();
        }

        @Override
        public void givenUp(Long job, Failure first) {
            givenUp.add(job);
        }

        @Override
        public RuntimeException fatal(String reason, Throwable cause) {
            return new TeacherException("test: " + reason, cause);
        }
    }

    /** @param good whether it answers; another one is gone when it is asked */
    private record FakeWorker(boolean good, Runnable whenDropped) implements ActorRef {
        @Override
        @SuppressWarnings("unchecked") // the jobs ask for nothing else
        public <R> Future<Outcome<R>> ask(ActorMessage<R> request, Duration deadline) {
            return good
                    ? Future.succeededFuture((Outcome<R>) Outcome.ready())
                    : Future.failedFuture(new RemoteFailureException("its connection broke"));
        }

        @Override
        public OptionalLong steps() {
            return OptionalLong.empty();
        }

        @Override
        public void interrupt() {}

        @Override
        public void shut() {}

        @Override
        public void dropped(String why) {
            whenDropped.run();
        }
    }

    private void admit(boolean good) {
        String name = "worker-" + dropped.size();
        pool.admit(name, new FakeWorker(good, () -> {
            dropped.add(name);
            if (othersCome) {
                admit(false);
            }
        }));
    }

    private void begin(int workers) {
        context.runOnContext(none -> {
            for (int i = 0; i < workers; i++) {
                admit(false);
            }
            LongStream.range(0, JOBS).forEach(queue::add);
            queue.dispatch();
        });
    }

    private @Nullable String end() {
        return ends.isEmpty() ? null : ends.get(0).getMessage();
    }

    private double lost() {
        return registry.get("rollout.requests.failed")
                .tags("stage", "test", "kind", "lost")
                .counter()
                .count();
    }

    @Test
    void workers_moreLostAtOnceThanMayFailInARow_jobsAreDoneByTheNext() {
        begin(JOBS);
        Rollouts.until(() -> dropped.size() == JOBS);
        context.runOnContext(none -> {
            admit(true);
            queue.dispatch();
        });
        Rollouts.until(() -> done.size() == JOBS || !ends.isEmpty());
        assertThat(end()).isNull();
        assertThat(done)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.range(0, JOBS).boxed().toList());
        assertThat(lost()).isEqualTo(JOBS);
        assertThat(givenUp).isEmpty();
    }

    /** Whatever they are asked ends them: without this, all jobs would be given up, one after the other. */
    @Test
    void workers_lostAtEveryJob_endTheRun_whenTooManyJobsInARowAreGivenUp() {
        othersCome = true;
        begin(1);
        Rollouts.until(() -> !ends.isEmpty());
        assertThat(end())
                .startsWith("test: 3 failures in a row, the first: worker-")
                .endsWith("its connection broke");
        assertThat(givenUp).hasSize(2);
        assertThat(lost()).isGreaterThanOrEqualTo(3 * (POLICY.retries() + 1));
    }
}
