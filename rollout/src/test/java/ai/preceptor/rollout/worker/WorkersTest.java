package ai.preceptor.rollout.worker;

import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.RolloutSetupBuilder;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.PromptSource;
import ai.preceptor.rollout.cluster.ClusterSecret;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.cluster.ClusterTls;
import ai.preceptor.rollout.cluster.LearnerPort;
import ai.preceptor.rollout.cluster.SecureSocket;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.testkit.MetricsPage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers in this process: only the network lies between them and the learner. */
class WorkersTest {
    private static final int STEPS = 4;

    /** Kinds of frames. */
    private static final int REQUEST = 1;

    private static final int RESPONSE = 2;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private RolloutSetupBuilder learner(int local, WorkerTerms terms) {
        return Rollouts.builder(plan().build(), new FakeEngine())
                .engines(Engines.several(local, version -> {
                    FakeEngine engine = new FakeEngine();
                    engine.refresh(version);
                    return engine;
                }))
                .lease(DeviceLease.separate())
                .registry(registry)
                .workers(terms);
    }

    private static List<List<Trajectory>> undisturbed() {
        try (VertxRollouts rollouts =
                Rollouts.builder(plan().build(), new FakeEngine()).build().start()) {
            return learn(rollouts, STEPS, 4);
        }
    }

    /** Weights of ten megabytes come in several parts. */
    @Test
    void next_byOneAndByThreeWorkers_isWhatTheLearnerWouldHaveSampled() throws Exception {
        List<List<Trajectory>> expected = undisturbed();
        for (int workers : new int[] {1, 3}) {
            int port = WorkerProgram.freePort();
            WorkerTerms terms = WorkerProgram.terms(port, workers, new FakeWeights(directory, 10 << 20));
            List<WorkerProgram.Inside> all = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                all.add(WorkerProgram.Inside.of(port, WorkerProgram.host(WorkerProgram.DIGEST, 5, i == 0), line -> {}));
            }
            try (VertxRollouts rollouts = learner(0, terms).build().start()) {
                assertThat(learn(rollouts, STEPS, 4)).isEqualTo(expected);
                assertThat(rollouts.actors())
                        .filteredOn(use -> use.remote() && use.stage().equals("generate"))
                        .hasSize(workers)
                        .allSatisfy(use -> assertThat(use.utilization()).isBetween(0.0, 1.0));
                assertThat(rollouts.actors().stream()
                                .filter(use -> use.stage().equals("generate"))
                                .mapToLong(ActorStats::prompts)
                                .sum())
                        .isGreaterThanOrEqualTo(4L * STEPS);
                assertThat(rollouts.actors())
                        .filteredOn(use -> use.remote() && use.stage().equals("score"))
                        .hasSize(1);
                List<String> names = registry.getMeters().stream()
                        .map(Meter::getId)
                        .map(Meter.Id::getName)
                        .toList();
                assertThat(names).contains("rollout.workers", "rollout.workers.lost");
                MetricsPage.requireDocumented(names);
            }
            for (WorkerProgram.Inside worker : all) {
                assertThat(worker.end()).isEqualTo(new WorkerNode.End(true, "the run is over"));
            }
        }
    }

    /** The learner samples itself until one joins, and goes on when it leaves. */
    @Test
    void worker_thatJoinsLate_takesTheWeightsOfThatTime_andMayGo() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        List<List<Trajectory>> batches = new ArrayList<>();
        try (VertxRollouts rollouts = learner(1, terms).build().start()) {
            batches.add(rollouts.next(4));
            rollouts.publish(1);
            batches.add(rollouts.next(4));
            try (WorkerProgram.Inside late =
                    WorkerProgram.Inside.of(port, WorkerProgram.host(WorkerProgram.DIGEST, 0, false), line -> {})) {
                awaitRemote(rollouts, () -> {});
                rollouts.publish(2);
                batches.add(rollouts.next(4));
            }
            rollouts.publish(3);
            batches.add(rollouts.next(4));
        }
        assertThat(batches).isEqualTo(undisturbed());
    }

    /** Each step takes the learner less time than taking weights takes the worker. */
    @Test
    void worker_thatIsSlowerThanTheLearner_isWaitedForOnce_andThenServes() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        WorkerHost slow = (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                        Rollouts.sleep(300);
                    }
                },
                null,
                () -> {});
        List<List<Trajectory>> batches = new ArrayList<>();
        PromptSource endless = new ListedPrompts(Rollouts.prompts(100), false, 0, Long.MAX_VALUE);
        try (VertxRollouts rollouts = learner(1, terms).prompts(endless).build().start();
                WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, slow, line -> {})) {
            awaitRemote(rollouts, () -> {
                batches.add(rollouts.next(4));
                rollouts.publish(batches.size());
            });
        }
        try (VertxRollouts rollouts = Rollouts.builder(plan().build(), new FakeEngine())
                .prompts(endless)
                .build()
                .start()) {
            assertThat(batches).isEqualTo(learn(rollouts, batches.size(), 4));
        }
    }

    private static void awaitRemote(VertxRollouts rollouts, Runnable meanwhile) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (rollouts.actors().stream().noneMatch(ActorStats::remote)) {
            assertThat(System.nanoTime()).as("nobody joined").isLessThan(end);
            meanwhile.run();
            Rollouts.sleep(10);
        }
    }

    @Test
    void worker_withAnotherSecretModelOrProtocol_isRefusedWithTheReason() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        try (VertxRollouts rollouts = learner(1, terms).build().start()) {
            WorkerHost host = WorkerProgram.host(WorkerProgram.DIGEST, 0, false);
            ClusterSecret other = ClusterSecret.fromEnvironment("X", Map.of("X", "another secret of that length"));
            refused(
                    new WorkerNode(WorkerProgram.setting(port, other), host, line -> {}),
                    "has another secret than this process");
            refused(
                    new WorkerNode(WorkerProgram.setting(port, ClusterSecret.none()), host, line -> {}),
                    "has another secret than this process");
            ClusterSetting right = WorkerProgram.setting(port, WorkerProgram.secret());
            refused(
                    new WorkerNode(right, WorkerProgram.host("fedcba9876543210", 0, false), line -> {}),
                    "model is SHA-256 fedcba987654, expected SHA-256 0123456789ab");
            refused(
                    new WorkerNode(right, host, line -> {}, WorkerRegistry.PROTOCOL + 1),
                    "speaks version 5 of the protocol, this run 4");
            assertThat(rollouts.next(4)).as("and the run continues").hasSize(12);
            assertThat(registry.get("rollout.workers.refused").counter().count())
                    .isGreaterThanOrEqualTo(2);
        }
    }

    /** It answers in its own version, which the worker cannot read. */
    @Test
    void worker_ofALearnerWithAnotherFormat_endsWithTheReason() {
        ClusterSetting setting = WorkerProgram.terms(WorkerProgram.freePort(), 0, new FakeWeights(directory, 0))
                .setting();
        try (LearnerPort port = LearnerPort.bind(setting)) {
            port.open(arrival -> {
                try {
                    DataInputStream in = new DataInputStream(arrival.encrypted().getInputStream());
                    int length = in.readInt();
                    in.readByte();
                    long number = in.readLong();
                    in.skipNBytes(length);
                    DataOutputStream out =
                            new DataOutputStream(arrival.encrypted().getOutputStream());
                    writeFrame(out, RESPONSE, number);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            refused(
                    new WorkerNode(
                            WorkerProgram.setting(setting.listen().port(), WorkerProgram.secret()),
                            WorkerProgram.host(WorkerProgram.DIGEST, 0, false),
                            line -> {}),
                    "the learner speaks another version of the protocol: start both from the same version");
        }
    }

    @Test
    void worker_withAnotherFormat_isCounted() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        ClusterSetting setting = WorkerProgram.setting(port, WorkerProgram.secret());
        try (VertxRollouts rollouts = learner(1, terms).build().start()) {
            SecureSocket worker = SecureSocket.connect(
                    new ClusterTls(setting.secret()),
                    setting.listen(),
                    setting.members().get(0),
                    setting.joinTimeout(),
                    setting.joinTimeout());
            try (DataOutputStream out = new DataOutputStream(worker.encrypted().getOutputStream())) {
                writeFrame(out, REQUEST, 1);
                writeFrame(out, REQUEST, 2);
                DataInputStream in = new DataInputStream(worker.encrypted().getInputStream());
                in.skipNBytes(in.readInt() + 9L);
                in.readInt(); // the second one is answered too
            }
            assertThat(registry.get("rollout.workers.refused").counter().count())
                    .isEqualTo(1);
            assertThat(rollouts.next(4)).hasSize(12);
        }
    }

    /** With a message of a version that does not exist. */
    private static void writeFrame(DataOutputStream out, int kind, long number) throws IOException {
        byte[] message = {(byte) 0xA7, 127, 1};
        out.writeInt(message.length);
        out.writeByte(kind);
        out.writeLong(number);
        out.write(message);
        out.flush();
    }

    private static void refused(WorkerNode node, String why) {
        assertThatThrownBy(node::serve)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(why)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(WorkerProgram.SECRET));
    }

    @Test
    void start_withoutTheWorkersItNeeds_saysHowManyCame() throws IOException {
        int port = WorkerProgram.freePort();
        WorkerTerms good = WorkerProgram.terms(port, 2, new FakeWeights(directory, 0));
        ClusterSetting hasty = new ClusterSetting(
                good.setting().listen(),
                List.of(),
                WorkerProgram.secret(),
                Duration.ofMillis(50),
                Duration.ofMillis(10),
                Duration.ofSeconds(1));
        WorkerTerms terms = new WorkerTerms(hasty, "fake", good.digests(), 2, good.weights());
        assertThatThrownBy(() -> learner(0, terms).build().start())
                .hasMessageContaining("waited 0 s for 2 at 127.0.0.1:" + port + ", found 0");
    }

    /** No other prompt is between its attempts, and nobody else could answer it. */
    @Test
    void worker_thatThrowsAtOnePrompt_isKept_andThePromptIsSetAside() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 1, new FakeWeights(directory, 0));
        WorkerHost picky = (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new FakeEngine() {
                    @Override
                    protected void before(List<EncodedPrompt> asked) {
                        if (asked.stream().anyMatch(prompt -> prompt.index() == 3)) {
                            throw new IllegalStateException("not this one");
                        }
                    }
                },
                null,
                () -> {});
        try (WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, picky, line -> {})) {
            try (VertxRollouts rollouts = learner(0, terms).build().start()) {
                assertThat(Rollouts.asked(rollouts.next(4))).containsExactly("p0", "p1", "p2", "p4");
                assertThat(rollouts.deadLetters()).singleElement().satisfies(letter -> {
                    assertThat(letter.index()).isEqualTo(3);
                    assertThat(letter.cause()).hasMessageContaining("not this one");
                });
                assertThat(registry.get("rollout.workers.lost").counter().count())
                        .isZero();
            }
            assertThat(worker.end()).isEqualTo(new WorkerNode.End(true, "the run is over"));
        }
    }

    /** As from Java: what is read from a file has only what JSON has. No worker is at fault. */
    @Test
    void prompts_thatCannotBeSent_areSetAside_andTheWorkerIsKept() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 1, new FakeWeights(directory, 0));
        List<Prompt> prompts = new ArrayList<>(Rollouts.prompts(20));
        for (int i = 1; i <= 3; i++) {
            prompts.set(i, new Prompt(Text.plain("p" + i), Map.of("when", Instant.EPOCH)));
        }
        try (WorkerProgram.Inside worker =
                WorkerProgram.Inside.of(port, WorkerProgram.host(WorkerProgram.DIGEST, 0, false), line -> {})) {
            try (VertxRollouts rollouts = learner(0, terms)
                    .prompts(new ListedPrompts(prompts, false, 0, 1))
                    .build()
                    .start()) {
                assertThat(Rollouts.asked(rollouts.next(4))).containsExactly("p0", "p4", "p5", "p6");
                assertThat(rollouts.deadLetters()).hasSize(3).allSatisfy(letter -> {
                    assertThat(letter.index()).isBetween(1L, 3L);
                    assertThat(letter.cause()).hasMessage("columns that are not JSON: [when]");
                });
                assertThat(registry.get("rollout.workers.lost").counter().count())
                        .isZero();
                assertThat(registry.get("rollout.requests.failed")
                                .tags("stage", "generate", "kind", "unsent")
                                .counter()
                                .count())
                        .isPositive();
            }
            assertThat(worker.end()).isEqualTo(new WorkerNode.End(true, "the run is over"));
        }
    }

    /** A worker whose engine throws: its prompts are sampled by the learner's own. */
    @Test
    void worker_thatCannotTakeTheWeights_isDropped_andTheRunGoesOn() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms terms = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        CountDownLatch tried = new CountDownLatch(1);
        WorkerHost broken = (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        tried.countDown();
                        throw new IllegalStateException("no room");
                    }
                },
                () -> Rollouts.scorer(answer -> Score.of(0)),
                () -> {});
        try (VertxRollouts rollouts = learner(1, terms).build().start();
                WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, broken, line -> {})) {
            tried.await();
            assertThat(worker.end().reason()).contains("cannot take version 0", "no room");
            assertThat(learn(rollouts, STEPS, 4)).isEqualTo(undisturbed());
        }
    }
}
