package ai.preceptor.rollout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.DeviceLease;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writing weights takes long, and workers come and go meanwhile. */
class HeldPublicationTest {
    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ExecutorService learning = Executors.newSingleThreadExecutor();
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Queue<Long> takenByTheLateOne = new ConcurrentLinkedQueue<>();

    @AfterEach
    void end() {
        mayEnd.countDown();
        learning.shutdownNow();
    }

    /** Version 1 is written until it may end; never on an event loop. */
    private final class Held implements WeightsPublisher {
        private final WeightsPublisher files = new FakeWeights(directory, 5 << 20);

        @Override
        public Path publish(long version) {
            assertThat(Context.isOnEventLoopThread()).isFalse();
            if (version == 1) {
                writing.countDown();
                try {
                    mayEnd.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return files.publish(version);
        }

        @Override
        public void close() {}
    }

    private WorkerHost late() {
        return (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                        takenByTheLateOne.add(newVersion);
                    }
                },
                null,
                () -> {});
    }

    /** The loop that answers it hears the others' heartbeats too. */
    @Test
    void worker_thatJoinsWhileWeightsAreWritten_getsTheOnesBefore_andNobodyIsLost() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerHost usual = WorkerProgram.host(WorkerProgram.DIGEST, 0, false);
        try (WorkerProgram.Inside first = WorkerProgram.Inside.of(port, usual, line -> {});
                VertxRollouts rollouts = Rollouts.builder(Rollouts.plan().build(), new FakeEngine())
                        .engines(Engines.several(0, version -> new FakeEngine()))
                        .lease(DeviceLease.separate())
                        .registry(registry)
                        .workers(WorkerProgram.terms(port, 1, new Held()))
                        .build()
                        .start()) {
            List<Trajectory> before = rollouts.next(4);
            Future<?> publication = learning.submit(() -> rollouts.publish(1));
            assertThat(writing.await(20, TimeUnit.SECONDS)).isTrue();
            try (WorkerProgram.Inside second = WorkerProgram.Inside.of(port, late(), line -> {})) {
                Rollouts.until(() -> takenByTheLateOne.contains(0L));
                assertThat(publication.isDone()).isFalse();
                mayEnd.countDown();
                publication.get(20, TimeUnit.SECONDS);
                assertThat(before).hasSize(12);
                assertThat(rollouts.next(4)).hasSize(12).allMatch(one -> one.policyVersion() == 1);
                Rollouts.until(() ->
                        rollouts.actors().stream().filter(ActorStats::remote).count() == 2);
                rollouts.publish(2);
                Rollouts.until(() -> takenByTheLateOne.contains(2L));
                assertThat(registry.get("rollout.workers.lost").counter().count())
                        .isZero();
                assertThat(rollouts.actors()).filteredOn(ActorStats::remote).hasSize(2);
            }
        }
    }
}
