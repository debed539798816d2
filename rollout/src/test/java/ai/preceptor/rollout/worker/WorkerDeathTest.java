package ai.preceptor.rollout.worker;

import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutSetupBuilder;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.cluster.ClusterSetting;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers in processes of their own, which are killed. */
class WorkerDeathTest {
    private static final int KILLS = 10;
    /** Chance may have it that the first ten all died between two orders. */
    private static final int MOST_KILLS = 60;

    private static final int ALIVE = 3;
    private static final int PROMPT_MILLIS = 15;
    private static final Duration LONGEST = Duration.ofMinutes(4);
    /** Whatever the kills hit, no prompt and no score is given up because of them. */
    private static final RetryPolicy PATIENT =
            new RetryPolicy(Duration.ofMinutes(2), MOST_KILLS, Duration.ofMillis(1), Duration.ofMillis(20), 100);

    @TempDir
    Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Process, Path> workers = new LinkedHashMap<>();
    private int started;

    @Test
    void workers_killedTenTimesInMidBatch_everyPromptIsLearntFromOnce_asIfNothingHadHappened() throws Exception {
        int port = WorkerProgram.freePort();
        RolloutPlan plan = patientPlan();
        AtomicInteger kills = new AtomicInteger();
        AtomicReference<Exception> problem = new AtomicReference<>();
        WorkerTerms terms = WorkerProgram.terms(port, 1, new FakeWeights(directory.resolve("weights"), 1000));
        try {
            for (int i = 0; i < ALIVE; i++) {
                spawn(port);
            }
            List<List<Trajectory>> batches;
            try (VertxRollouts rollouts = learner(plan).workers(terms).build().start()) {
                Thread killer = new Thread(() -> {
                    try {
                        kill(port, kills);
                    } catch (Exception e) {
                        problem.set(e);
                    }
                });
                killer.start();
                batches = new ArrayList<>();
                while (killer.isAlive()) {
                    batches.add(rollouts.next(4));
                    rollouts.publish(batches.size());
                }
                killer.join();
                assertThat(problem.get()).isNull();
                assertThat(rollouts.deadLetters()).isEmpty();
                assertThat(rollouts.actors())
                        .filteredOn(use -> use.stage().equals("generate"))
                        .hasSizeGreaterThan(ALIVE);
                Rollouts.until(() -> count("rollout.workers.lost") >= kills.get());
                assertThat(lostOrders()).as("killed in mid-batch").isPositive();
            }
            assertThat(batches).isEqualTo(undisturbed(plan, batches.size()));
            for (Map.Entry<Process, Path> one : workers.entrySet()) {
                if (WorkerProgram.hasJoined(one.getValue())) { // the last ones may have come too late
                    assertThat(one.getKey().waitFor(60, TimeUnit.SECONDS))
                            .as("ends with the run")
                            .isTrue();
                    assertThat(one.getKey().exitValue())
                            .as(Files.readString(one.getValue()))
                            .isZero();
                }
            }
        } finally {
            workers.keySet().forEach(Process::destroyForcibly);
        }
    }

    private static RolloutPlan patientPlan() {
        return plan().generation(PATIENT)
                .scoring(PATIENT)
                .learnerDeadline(LONGEST)
                .build();
    }

    private double count(String meter, String... tags) {
        return registry.find(meter).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private double lostOrders() {
        return count("rollout.requests.failed", "stage", "generate", "kind", "lost");
    }

    private RolloutSetupBuilder learner(RolloutPlan plan) {
        return Rollouts.builder(plan, new FakeEngine())
                .prompts(new ListedPrompts(Rollouts.prompts(100), false, 0, Long.MAX_VALUE))
                .engines(Engines.several(0, version -> new FakeEngine()))
                .registry(registry)
                .lease(DeviceLease.separate());
    }

    private List<List<Trajectory>> undisturbed(RolloutPlan plan, int steps) {
        try (VertxRollouts rollouts = learner(plan)
                .engines(Engines.of(new FakeEngine()))
                .lease(DeviceLease.shared())
                .build()
                .start()) {
            return Rollouts.learn(rollouts, steps, 4);
        }
    }

    private void spawn(int port) throws Exception {
        Path log = directory.resolve("worker-" + started++ + ".log");
        workers.put(WorkerProgram.start(log, port, PROMPT_MILLIS), log);
    }

    /** Whoever has been there longest and works dies, at a moment that chance decides; another one is started each time. */
    private void kill(int port, AtomicInteger kills) throws Exception {
        Random random = new Random(5);
        long end = System.nanoTime() + LONGEST.toNanos();
        while (kills.get() < KILLS || (lostOrders() == 0 && kills.get() < MOST_KILLS)) {
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
            Thread.sleep(random.nextInt(400)); // it takes its weights, waits, or is in mid-batch
            victim.destroyForcibly().waitFor();
            workers.remove(victim);
            spawn(port);
            kills.incrementAndGet();
        }
    }

    /** They throw, are late or never ready, and answer nonsense, and the learner is slow; whoever gives up is replaced. */
    @Test
    void workers_whoseEnginesAndScorersFailInEveryWay_everyPromptIsLearntFromOrSetAside_once() throws Exception {
        int port = WorkerProgram.freePort();
        RetryPolicy brief = new RetryPolicy(Duration.ofSeconds(1), 2, Duration.ofMillis(1), Duration.ofMillis(3), 1000);
        RolloutPlan plan =
                plan().generation(brief).scoring(brief).learnerDeadline(LONGEST).build();
        WorkerTerms terms = WorkerProgram.terms(port, 1, new FakeWeights(directory.resolve("weights"), 1000));
        List<String> places = new ArrayList<>();
        Thread spawning = new Thread(() -> keep(2, port));
        spawning.start();
        try (VertxRollouts rollouts = learner(plan)
                .prompts(new ListedPrompts(Rollouts.prompts(60), false, 0, 1))
                .workers(terms)
                .build()
                .start()) {
            int step = 0;
            for (List<Trajectory> batch = rollouts.next(4); !batch.isEmpty(); batch = rollouts.next(4)) {
                places.addAll(Rollouts.asked(batch));
                assertThat(registry.get("rollout.prompts.untaken").gauge().value())
                        .isLessThanOrEqualTo(plan.bufferPrompts());
                assertThat(batch.stream().filter(one -> one.score().isScored()))
                        .allMatch(one ->
                                one.score().value() == one.completion().text().length());
                Thread.sleep(20);
                rollouts.publish(++step);
            }
            rollouts.deadLetters()
                    .forEach(letter -> places.add(letter.prompt().text().asString()));
            assertThat(rollouts.actors())
                    .filteredOn(use -> use.remote() && use.stage().equals("score"))
                    .anySatisfy(use -> assertThat(use.prompts()).isPositive());
            assertThat(count("rollout.requests.failed", "kind", "threw")).isPositive();
            assertThat(count("rollout.requests.failed", "kind", "answer")).isPositive();
            assertThat(count("rollout.requests.failed", "kind", "deadline")).isPositive();
        } finally {
            spawning.interrupt();
            spawning.join();
            workers.keySet().forEach(Process::destroyForcibly);
        }
        assertThat(places).doesNotHaveDuplicates().hasSize(60);
    }

    /** As whoever runs workers does: one that has ended is started again. */
    private void keep(int many, int port) {
        try {
            while (true) {
                while (workers.keySet().stream().filter(Process::isAlive).count() < many) {
                    Path log = directory.resolve("worker-" + started++ + ".log");
                    workers.put(WorkerProgram.start(log, port, 0, Integer.toString(started)), log);
                }
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It is stopped, and not dead: nothing but its silence tells. */
    @Test
    void worker_thatFallsSilent_isTakenAsDead_andItsWorkIsDoneElsewhere() throws Exception {
        int port = WorkerProgram.freePort();
        RolloutPlan plan = patientPlan();
        WorkerTerms patient = WorkerProgram.terms(port, 1, new FakeWeights(directory.resolve("weights"), 0));
        ClusterSetting setting = new ClusterSetting(
                patient.setting().listen(),
                List.of(),
                patient.setting().secret(),
                LONGEST,
                Duration.ofMillis(100),
                Duration.ofSeconds(5));
        WorkerTerms terms = new WorkerTerms(setting, "fake", patient.digests(), 1, patient.weights());
        spawn(port);
        Process worker = workers.keySet().iterator().next();
        List<List<Trajectory>> batches = new ArrayList<>();
        try (VertxRollouts rollouts = learner(plan)
                .engines(Engines.several(1, version -> {
                    FakeEngine engine = new FakeEngine();
                    engine.refresh(version);
                    return engine;
                }))
                .workers(terms)
                .build()
                .start()) {
            batches.add(rollouts.next(4));
            assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(worker.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            rollouts.publish(1);
            batches.add(rollouts.next(4));
            rollouts.publish(2);
            Rollouts.until(() -> count("rollout.workers.lost") == 1);
        } finally {
            workers.keySet().forEach(Process::destroyForcibly);
        }
        assertThat(batches).isEqualTo(undisturbed(plan, 2));
    }
}
