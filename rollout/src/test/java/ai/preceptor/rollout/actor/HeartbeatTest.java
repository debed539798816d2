package ai.preceptor.rollout.actor;

import static ai.preceptor.rollout.Rollouts.QUICK;
import static ai.preceptor.rollout.Rollouts.asked;
import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutPlanBuilder;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.worker.FakeWeights;
import ai.preceptor.rollout.worker.WorkerHost;
import ai.preceptor.rollout.worker.WorkerNode;
import ai.preceptor.rollout.worker.WorkerProgram;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who hangs is told from who takes long by whether it makes steps. */
class HeartbeatTest {
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    private static final Duration FAR = Duration.ofMinutes(5);
    private static final int MILLION = 1_000_000;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void end() {
        end.countDown();
    }

    /** Counts its steps; the first of all hangs in its second request, deaf as native code. */
    private class Counting extends FakeEngine {
        private final AtomicLong steps = new AtomicLong();
        private final boolean hangs;

        Counting(long version, boolean hangs) {
            this.hangs = hangs;
            this.version.set(version);
        }

        @Override
        protected void before(List<EncodedPrompt> asked) {
            steps.incrementAndGet();
            if (hangs && requests.get() == 2) {
                deaf();
            }
        }

        @Override
        public OptionalLong steps() {
            return OptionalLong.of(steps.get());
        }
    }

    private void deaf() {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    private static RolloutPlanBuilder patient() {
        return plan().generation(QUICK.withDeadline(FAR))
                .scoring(QUICK.withDeadline(FAR))
                .grace(Duration.ofSeconds(2)) // to close, too
                .heartbeatTimeout(TIMEOUT);
    }

    @Test
    void generator_thatHangs_isLostLongBeforeItsDeadline_andReplaced_andNoPromptIsLostOrTwice() {
        AtomicInteger made = new AtomicInteger();
        List<List<Trajectory>> batches;
        try (VertxRollouts rollouts = builder(patient().build(), new FakeEngine())
                .engines(Engines.several(2, version -> new Counting(version, made.getAndIncrement() == 0)))
                .lease(DeviceLease.separate())
                .registry(registry)
                .build()
                .start()) {
            batches = Rollouts.learn(rollouts, 6, 4);
            Rollouts.until(() -> made.get() == 3);
            assertThat(rollouts.deadLetters()).isEmpty();
        }
        try (VertxRollouts steady =
                builder(patient().build(), new FakeEngine()).build().start()) {
            assertThat(batches).isEqualTo(Rollouts.learn(steady, 6, 4));
        }
        assertThat(batches.stream().flatMap(batch -> asked(batch).stream()))
                .doesNotHaveDuplicates()
                .hasSize(24);
        assertThat(count("rollout.actors.restarted", "stage", "generate")).isEqualTo(1);
        assertThat(count("rollout.requests.failed", "stage", "generate", "kind", "lost"))
                .isEqualTo(1);
    }

    /** It is the learner's own: nothing can take its place. */
    @Test
    void onlyEngine_thatHangs_endsTheRun_andSaysSo() {
        VertxRollouts rollouts =
                builder(patient().build(), new Counting(0, true)).build().start();
        assertThatThrownBy(() -> rollouts.next(4))
                .isInstanceOf(TeacherException.class)
                .hasMessage(
                        "generator-0: did not stop within 2000 ms after its heartbeat was missed for 800 ms; it holds"
                                + " the device and cannot be replaced");
        end.countDown();
        try {
            rollouts.close();
        } catch (TeacherException e) {
            assertThat(e).hasMessageContaining("rollout.generator-0"); // it may still be on its way out
        }
    }

    /** Thrice the timeout, which has eight looks, and a step at every second look. */
    @Test
    void generator_thatTakesLong_andMakesSteps_isLeftAlone() {
        AtomicLong looks = new AtomicLong();
        FakeEngine slow = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                Rollouts.until(() -> looks.get() >= 24);
            }

            @Override
            public OptionalLong steps() {
                return OptionalLong.of(looks.incrementAndGet() / 2);
            }
        };
        isLeftAlone(slow);
    }

    /** Whoever does not count its steps has its deadline. */
    @Test
    void generator_ofWhichNothingIsKnown_isLeftAlone() {
        FakeEngine silent = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                Rollouts.sleep(2 * TIMEOUT.toMillis());
            }
        };
        isLeftAlone(silent);
    }

    private void isLeftAlone(GenerationEngine engine) {
        RolloutPlan plan = patient()
                .promptsPerStep(1)
                .promptsPerRequest(1)
                .grace(Duration.ofSeconds(30)) // for the request that is underway at the end, on a loaded machine
                .build();
        try (VertxRollouts rollouts =
                builder(plan, engine).registry(registry).build().start()) {
            assertThat(rollouts.next(1)).hasSize(3);
        }
        assertThat(count("rollout.requests.failed", "stage", "generate")).isZero();
    }

    @Test
    void scorer_thatHangs_isReplaced_andAllIsScored() {
        AtomicInteger made = new AtomicInteger();
        try (VertxRollouts rollouts = builder(patient().build(), new FakeEngine())
                .registry(registry)
                .scorers(() -> made.getAndIncrement() == 0 ? countSteps(this::deaf) : countSteps(() -> {}))
                .build()
                .start()) {
            assertThat(rollouts.next(4))
                    .hasSize(12)
                    .extracting(Trajectory::score)
                    .containsOnly(Score.of(1));
            assertThat(made).hasValue(2);
        }
        assertThat(count("rollout.requests.failed", "stage", "score", "kind", "lost"))
                .isEqualTo(1);
        assertThat(count("rollout.actors.restarted", "stage", "score")).isEqualTo(1);
    }

    /** It says how far it is, and never gets further. */
    private static Scorer countSteps(Runnable before) {
        return new Scorer() {
            @Override
            public String name() {
                return "counts";
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                before.run();
                return answers.stream().map(answer -> Score.of(1)).toList();
            }

            @Override
            public OptionalLong steps() {
                return OptionalLong.of(0);
            }
        };
    }

    /** The process lives and says so; its generator does not. */
    @Test
    void worker_whoseGeneratorHangs_leaves_andItsWorkIsDoneElsewhere() throws Exception {
        int port = WorkerProgram.freePort();
        WorkerTerms usual = WorkerProgram.terms(port, 0, new FakeWeights(directory, 0));
        ClusterSetting setting = new ClusterSetting(
                usual.setting().listen(),
                List.of(),
                usual.setting().secret(),
                Duration.ofSeconds(60),
                Duration.ofMillis(100),
                Duration.ofSeconds(2));
        WorkerHost host = (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new Counting(0, true) {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                    }
                },
                null,
                () -> {});
        List<List<Trajectory>> batches = new ArrayList<>();
        PromptSource endless = new ListedPrompts(Rollouts.prompts(100), false, 0, Long.MAX_VALUE);
        try (VertxRollouts rollouts = builder(patient().build(), new FakeEngine())
                .prompts(endless)
                .engines(Engines.several(1, version -> new Counting(version, false)))
                .lease(DeviceLease.separate())
                .registry(registry)
                .workers(new WorkerTerms(setting, "fake", usual.digests(), 0, usual.weights()))
                .build()
                .start()) {
            try (WorkerProgram.Inside worker = WorkerProgram.Inside.of(port, host, line -> {})) {
                long latest = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                while (count("rollout.workers.lost") == 0) {
                    assertThat(System.nanoTime()).as("it was never lost").isLessThan(latest);
                    batches.add(rollouts.next(4));
                    rollouts.publish(batches.size());
                    Rollouts.sleep(10);
                }
                end.countDown(); // so that its thread ends within this test
                assertThat(worker.end())
                        .isEqualTo(new WorkerNode.End(false, "worker.generator: no heartbeat for 2000 ms"));
            }
            assertThat(rollouts.deadLetters()).isEmpty();
        }
        try (VertxRollouts steady = builder(patient().build(), new FakeEngine())
                .prompts(endless)
                .build()
                .start()) {
            assertThat(batches).isEqualTo(Rollouts.learn(steady, batches.size(), 4));
        }
    }

    @Test
    void silence_isTheTimeSinceTheLastStep_andALateLookCountsForTwo() {
        AtomicLong steps = new AtomicLong();
        AtomicInteger works = new AtomicInteger(1);
        Heartbeat heartbeat =
                new Heartbeat(() -> works.get() == 0 ? OptionalLong.empty() : OptionalLong.of(steps.get()));
        Duration pause = Duration.ofMillis(10);
        assertThat(heartbeat.sinceLastStep(0, pause)).as("the first look").isZero();
        assertThat(heartbeat.sinceLastStep(10 * MILLION, pause)).isEqualTo(10 * MILLION);
        assertThat(heartbeat.sinceLastStep(21 * MILLION, pause)).isEqualTo(21 * MILLION);
        steps.incrementAndGet();
        assertThat(heartbeat.sinceLastStep(30 * MILLION, pause)).as("a step").isZero();
        assertThat(heartbeat.sinceLastStep(900 * MILLION, pause))
                .as("the process was stopped meanwhile")
                .isEqualTo(20 * MILLION);
        works.set(0);
        assertThat(heartbeat.sinceLastStep(910 * MILLION, pause))
                .as("nothing to do")
                .isZero();
        works.set(1);
        assertThat(heartbeat.sinceLastStep(920 * MILLION, pause))
                .as("something new")
                .isZero();
        assertThat(Heartbeat.interval(Duration.ofMinutes(2))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Heartbeat.interval(Duration.ofMillis(80))).isEqualTo(Duration.ofMillis(10));
    }

    private double count(String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
