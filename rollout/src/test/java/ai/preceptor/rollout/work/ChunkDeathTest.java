package ai.preceptor.rollout.work;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.worker.WorkerProgram;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers and stages in processes of their own, which are killed or stopped. */
class ChunkDeathTest {
    private static final int ALIVE = 3;
    private static final int CHUNK_MILLIS = 20;
    private static final int WINDOW = 8;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(5);
    /** One of so many is stopped, the others are killed. */
    private static final int DISTURBANCES = Integer.getInteger("preceptor.kills", 5);
    /** Chance may have it that all of them waited for a chunk. */
    private static final int MOST_DISTURBANCES = 10 * DISTURBANCES;
    /** Whatever is hit, no chunk is given up because of it. */
    private static final RetryPolicy PATIENT = new RetryPolicy(
            Duration.ofMinutes(2), MOST_DISTURBANCES, Duration.ofMillis(1), Duration.ofMillis(20), 1000);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Process, Path> workers = new LinkedHashMap<>();
    private final int port = WorkerProgram.freePort();
    private int started;

    @AfterEach
    void killAll() {
        workers.keySet().forEach(Process::destroyForcibly);
    }

    @Test
    void workers_killedAndStoppedInMidChunk_everyResultComesOnceAndInOrder_asIfNothingHadHappened() throws Exception {
        for (int i = 0; i < ALIVE; i++) {
            spawn();
        }
        AtomicReference<Exception> problem = new AtomicReference<>();
        Thread killer = new Thread(() -> {
            try {
                disturb();
            } catch (Exception e) {
                problem.set(e);
            }
        });
        Iterator<byte[]> inputs = new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next == 0 || killer.isAlive();
            }

            @Override
            public byte[] next() {
                return FakeChunks.input(next++);
            }
        };
        List<byte[]> results = new ArrayList<>();
        ChunkPlan plan = new ChunkPlan("generate", WINDOW, PATIENT);
        try (WorkerChunks chunks =
                WorkerChunks.start(plan, FakeChunks.terms(port, 1, LONGEST, HEARTBEAT_TIMEOUT), registry)) {
            killer.start();
            chunks.run(inputs, results::add);
            killer.join();
            assertThat(problem.get()).isNull();
            assertThat(lostRequests()).as("killed in mid-chunk").isPositive();
        }
        assertThat(results.toArray(byte[][]::new))
                .isDeepEqualTo(FakeChunks.expected(results.size()).toArray(byte[][]::new));
        for (Map.Entry<Process, Path> one : workers.entrySet()) {
            if (WorkerProgram.hasJoined(one.getValue())) { // the last ones may have come too late
                assertThat(one.getKey().waitFor(60, TimeUnit.SECONDS))
                        .as("ends with the stage")
                        .isTrue();
                assertThat(one.getKey().exitValue())
                        .as(Files.readString(one.getValue()))
                        .isZero();
            }
        }
    }

    private void spawn() throws IOException {
        Path log = directory.resolve("worker-" + started++ + ".log");
        workers.put(ChunkProgram.worker(log, port, CHUNK_MILLIS), log);
    }

    private double lostRequests() {
        return registry.find("rollout.requests.failed").tags("kind", "lost").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** Whoever has been there longest is killed or stopped, at a moment that chance decides; another one is started. */
    private void disturb() throws Exception {
        Random random = new Random(7);
        long end = System.nanoTime() + LONGEST.toNanos();
        int disturbed = 0;
        while (disturbed < DISTURBANCES || (lostRequests() == 0 && disturbed < MOST_DISTURBANCES)) {
            Process victim = workers.entrySet().stream()
                    .filter(worker -> WorkerProgram.hasJoined(worker.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
            if (victim == null) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("nobody joined");
                }
                Thread.sleep(5);
                continue;
            }
            Thread.sleep(random.nextInt(300));
            if (disturbed++ % DISTURBANCES == 1) {
                double lost = registry.get("rollout.workers.lost").counter().count();
                signal(victim, "STOP"); // alive and silent
                Rollouts.until(
                        () -> registry.get("rollout.workers.lost").counter().count() > lost);
            }
            victim.destroyForcibly().waitFor();
            workers.remove(victim);
            spawn();
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void workers_whoseStageIsKilled_endWithTheirCode() throws Exception {
        Path log = directory.resolve("stage.log");
        Process stage = ChunkProgram.stage(log, port);
        try {
            spawn();
            spawn();
            while (!Files.readString(log).contains("taken")) {
                assertThat(stage.isAlive()).as(Files.readString(log)).isTrue();
                Rollouts.sleep(5);
            }
            stage.destroyForcibly().waitFor();
            for (Map.Entry<Process, Path> one : workers.entrySet()) {
                assertThat(one.getKey().waitFor(30, TimeUnit.SECONDS))
                        .as("ends by the broken connection")
                        .isTrue();
                assertThat(one.getKey().exitValue())
                        .as(Files.readString(one.getValue()))
                        .isEqualTo(4);
                assertThat(Files.readString(one.getValue())).contains("the learner is gone");
            }
        } finally {
            stage.destroyForcibly();
        }
    }
}
