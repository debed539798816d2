package ai.preceptor.rollout.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.ChunkWork;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerNode;
import ai.preceptor.rollout.worker.WorkerProgram;
import ai.preceptor.testkit.MetricsPage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers in this process: only the network lies between them and the stage. */
class WorkerChunksTest {
    private static final int CHUNKS = 40;
    private static final int WINDOW = 5;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final int port = WorkerProgram.freePort();
    private final List<WorkerProgram.Inside> workers = new ArrayList<>();

    @AfterEach
    void endWorkers() throws InterruptedException {
        for (WorkerProgram.Inside worker : workers) {
            worker.close();
        }
    }

    private void worker(Supplier<? extends ChunkWork> work) {
        workers.add(WorkerProgram.Inside.of(port, FakeChunks.host(work), line -> {}));
    }

    /** Work that does something first. */
    private static Supplier<ChunkWork> before(LongConsumer first) {
        return () -> new FakeChunks(0) {
            @Override
            public byte[] compute(long chunk, byte[] input) {
                first.accept(chunk);
                return super.compute(chunk, input);
            }
        };
    }

    private WorkerChunks start(int atLeast) {
        ChunkPlan plan = new ChunkPlan("generate", WINDOW, Rollouts.QUICK);
        return WorkerChunks.start(plan, FakeChunks.terms(port, atLeast), registry);
    }

    private static List<byte[]> computed(WorkerChunks chunks, int count) {
        List<byte[]> results = new ArrayList<>();
        chunks.run(FakeChunks.inputs(count), results::add);
        return results;
    }

    private static void isExpected(List<byte[]> results) {
        assertThat(results.toArray(byte[][]::new))
                .isDeepEqualTo(FakeChunks.expected(CHUNKS).toArray(byte[][]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void run_byOneAndByThreeWorkers_isWhatOneProcessComputes(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            worker(() -> new FakeChunks(5));
        }
        try (WorkerChunks chunks = start(count)) {
            isExpected(computed(chunks, CHUNKS));
            assertThat(chunks.actors())
                    .hasSize(count)
                    .allSatisfy(one -> assertThat(one.stage()).isEqualTo("generate"))
                    .allSatisfy(one -> assertThat(one.remote()).isTrue())
                    .allSatisfy(one -> assertThat(one.busySeconds()).isPositive());
            assertThat(chunks.actors().stream().mapToLong(ActorStats::prompts).sum())
                    .isEqualTo(CHUNKS);
            List<String> names = registry.getMeters().stream()
                    .map(Meter::getId)
                    .map(Meter.Id::getName)
                    .toList();
            assertThat(names).contains("rollout.workers", "rollout.request.time", "rollout.stage.queue");
            MetricsPage.requireDocumented(names);
        }
        for (WorkerProgram.Inside worker : workers) {
            assertThat(worker.end()).isEqualTo(new WorkerNode.End(true, "the run is over"));
        }
        assertThat(registry.find("rollout.workers").gauge()).isNull();
    }

    /** As a resumed stage does, whose first chunks were computed before. */
    @Test
    void run_again_fromAnotherChunkOn_countsFromThere() {
        worker(() -> new FakeChunks(0));
        try (WorkerChunks chunks = start(1)) {
            List<byte[]> results = new ArrayList<>(computed(chunks, 7));
            Iterator<byte[]> rest = FakeChunks.inputs(CHUNKS);
            for (int i = 0; i < 7; i++) {
                rest.next();
            }
            chunks.run(7, rest, results::add);
            isExpected(results);
            assertThat(computed(chunks, 0)).isEmpty();
        }
    }

    /** The first chunk is held back while the others could all be computed. */
    @Test
    void run_readsNoMoreThanTheWindow_andHandsOutInOrder() {
        AtomicInteger read = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch windowIsFull = new CountDownLatch(WINDOW - 1);
        Supplier<ChunkWork> work = before(chunk -> {
            if (chunk == 0) {
                await(windowIsFull);
            } else {
                windowIsFull.countDown();
            }
        });
        worker(work);
        worker(work);
        Iterator<byte[]> source = FakeChunks.inputs(CHUNKS);
        Iterator<byte[]> counted = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return source.hasNext();
            }

            @Override
            public byte[] next() {
                assertThat(read.incrementAndGet() - taken.get()).isLessThanOrEqualTo(WINDOW);
                return source.next();
            }
        };
        List<byte[]> results = new ArrayList<>();
        try (WorkerChunks chunks = start(2)) {
            chunks.run(counted, result -> {
                taken.incrementAndGet();
                results.add(result);
            });
        }
        isExpected(results);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CancellationException("interrupted");
        }
    }

    @Test
    void chunk_thatFailsNowAndThen_isComputedAgain() {
        AtomicInteger failures = new AtomicInteger();
        worker(before(chunk -> {
            if (chunk % 10 == 3 && failures.getAndIncrement() % 2 == 0) {
                throw new IllegalStateException("not now");
            }
        }));
        try (WorkerChunks chunks = start(1)) {
            isExpected(computed(chunks, CHUNKS));
        }
        assertThat(registry.get("rollout.requests.retried").counter().count()).isEqualTo(4);
    }

    /** The first cause counts, not what the last attempt met. */
    @Test
    void chunk_thatFailsForGood_endsTheStageWithTheFirstCause() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        worker(before(chunk -> {
            if (chunk == 3) {
                throw new IllegalStateException("attempt " + attempts.incrementAndGet());
            }
        }));
        try (WorkerChunks chunks = start(1)) {
            assertThatThrownBy(() -> computed(chunks, CHUNKS))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("generate: chunk 3: java.lang.IllegalStateException: attempt 1");
            assertThat(attempts).hasValue(1 + Rollouts.QUICK.retries());
            assertThatThrownBy(() -> computed(chunks, CHUNKS)).isInstanceOf(TeacherException.class);
        }
        assertThat(workers.get(0).end().over()).isTrue();
    }

    /** Another worker would find the same. */
    @Test
    void rowsAndSettings_thatCannotBeUsed_endTheStageAtOnce_withTheExceptionOfOneProcess() {
        for (RuntimeException thrown : List.of(
                DataException.at(java.nio.file.Path.of("rows.jsonl"), 7, "no prompt"),
                new ConfigurationException("max_length: 5, legal: 8 or more"))) {
            AtomicInteger attempts = new AtomicInteger();
            worker(before(chunk -> {
                if (chunk == 3) {
                    attempts.incrementAndGet();
                    throw thrown;
                }
            }));
            try (WorkerChunks chunks = start(1)) {
                assertThatThrownBy(() -> computed(chunks, CHUNKS))
                        .isExactlyInstanceOf(thrown.getClass())
                        .hasMessage(thrown.getMessage());
            }
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void scorer_thatFailsForGood_staysAScorersFailure() {
        worker(before(chunk -> {
            throw new ScorerException("rule: no answer");
        }));
        try (WorkerChunks chunks = start(1)) {
            assertThatThrownBy(() -> computed(chunks, 1))
                    .isInstanceOf(ScorerException.class)
                    .hasMessage("generate: chunk 0: rule: no answer");
        }
    }

    @Test
    void inputsAndResults_thatAreTooLong_areRefusedWithTheLimit() {
        String limit =
                "at most " + ActorMessage.LONGEST_CHUNK + " are sent to or from a worker: use fewer rows a chunk";
        worker(() -> (chunk, input) -> new byte[ActorMessage.LONGEST_CHUNK + 1]);
        try (WorkerChunks chunks = start(1)) {
            assertThatThrownBy(() -> computed(chunks, 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("chunk 0: its result has ", limit);
        }
        try (WorkerChunks chunks = start(0)) {
            assertThatThrownBy(() -> chunks.run(
                            List.of(new byte[ActorMessage.LONGEST_CHUNK + 1]).iterator(), result -> {}))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContainingAll("chunk 0: its input has ", limit);
        }
    }

    @Test
    void inputsAndConsumers_thatThrow_endTheStage_withTheirException() throws Exception {
        worker(() -> new FakeChunks(0));
        try (WorkerChunks chunks = start(1)) {
            assertThatThrownBy(() -> chunks.run(FakeChunks.inputs(CHUNKS), result -> {
                        throw new IllegalStateException("the disk is full");
                    }))
                    .hasMessage("the disk is full");
            assertThatThrownBy(() -> computed(chunks, 1)).hasMessageContaining("the disk is full");
        }
        assertThat(workers.get(0).end()).isEqualTo(new WorkerNode.End(true, "the run is over"));
    }

    @Test
    void run_thatIsInterruptedOrClosed_isCancelled_andWorkersAreFree() throws Exception {
        List<Consumer<WorkerChunks>> ways = List.of(
                chunks -> Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("runs chunks"))
                        .forEach(Thread::interrupt),
                WorkerChunks::close);
        for (Consumer<WorkerChunks> way : ways) {
            CountDownLatch begun = new CountDownLatch(1);
            worker(before(chunk -> {
                begun.countDown();
                await(new CountDownLatch(1)); // until it is interrupted
            }));
            try (WorkerChunks chunks = start(1)) {
                AtomicReference<RuntimeException> thrown = new AtomicReference<>();
                Thread runs = new Thread(
                        () -> {
                            try {
                                computed(chunks, CHUNKS);
                            } catch (RuntimeException e) {
                                thrown.set(e);
                            }
                        },
                        "runs chunks");
                runs.start();
                begun.await();
                way.accept(chunks);
                runs.join(60_000);
                assertThat(thrown.get()).isInstanceOf(CancellationException.class);
            }
            assertThat(workers.get(workers.size() - 1).end().over()).isTrue();
        }
    }

    /** One makes no steps and stays alive: it leaves, and the other computes its chunk. The other is slow, and not hung. */
    @Test
    void worker_thatHangs_leaves_andASlowOneStays() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        WorkerHost hung = FakeChunks.host(() -> new FakeChunks(0) {
            @Override
            public byte[] compute(long chunk, byte[] input) {
                begun.countDown();
                await(never);
                return super.compute(chunk, input);
            }
        });
        workers.add(WorkerProgram.Inside.of(port, hung, line -> {}));
        ChunkPlan plan = new ChunkPlan("score", 2, Rollouts.QUICK);
        try (WorkerChunks chunks = WorkerChunks.start(
                plan, FakeChunks.terms(port, 1, Duration.ofSeconds(60), Duration.ofSeconds(2)), registry)) {
            List<byte[]> results = new ArrayList<>();
            Thread late = new Thread(() -> {
                await(begun);
                worker(() -> new FakeChunks(3000));
            });
            late.start();
            chunks.run(FakeChunks.inputs(1), results::add);
            late.join();
            assertThat(results).containsExactly(FakeChunks.expected(1).get(0));
            assertThat(registry.get("rollout.workers.lost").counter().count()).isEqualTo(1);
        }
        assertThat(workers.get(0).end().over()).isFalse();
        assertThat(workers.get(0).end().reason()).contains("worker.chunks: no heartbeat for 2000 ms");
        assertThat(workers.get(1).end().over()).isTrue();
    }

    @Test
    void worker_withOtherFiles_orWithoutSome_isRefused() {
        try (WorkerChunks chunks = start(0)) {
            for (Map<String, String> digests : List.of(
                    Map.of("model", WorkerProgram.DIGEST), Map.of("model", "00", "teacher", "fedcba9876543210"))) {
                WorkerHost host =
                        (description, log) -> new WorkerHost.ChunkRuntime(digests, () -> new FakeChunks(0), () -> {});
                try (WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, host, line -> {})) {
                    assertThatThrownBy(worker::end)
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("the worker's files differ from this run's: "
                                    + (digests.size() == 1 ? "teacher is none" : "model is SHA-256 00"));
                } catch (InterruptedException e) {
                    throw new CancellationException("interrupted");
                }
            }
        }
    }

    /** Its host has taken the job for another one. */
    @Test
    void worker_thatOnlyGenerates_cannotCompute() {
        WorkerHost host = (description, log) ->
                new WorkerHost.SamplingRuntime(FakeChunks.DIGESTS, files -> new FakeEngine(), null, () -> {});
        workers.add(WorkerProgram.Inside.of(port, host, line -> {}));
        try (WorkerChunks chunks = start(1)) {
            assertThatThrownBy(() -> computed(chunks, 1))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("worker.generator received Compute, which is not for it");
        }
    }

    @Test
    void start_withoutWorkers_andRunWithoutAny_end() {
        ChunkPlan plan = ChunkPlan.of("score", 2);
        Duration brief = Duration.ofMillis(200);
        assertThatThrownBy(() ->
                        WorkerChunks.start(plan, FakeChunks.terms(port, 1, brief, Duration.ofSeconds(30)), registry))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("for 1 at 127.0.0.1:" + port + ", found 0");
        try (WorkerChunks chunks =
                WorkerChunks.start(plan, FakeChunks.terms(port, 0, brief, Duration.ofSeconds(30)), registry)) {
            assertThatThrownBy(() -> computed(chunks, 1))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("workers: none for 0 s");
        }
    }
}
