package ai.preceptor.rollout.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.FakeEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.Rollouts;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.cluster.ClusterSetting;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A learner in a process of its own, which is killed. */
class LearnerDeathTest {
    private static final Duration SILENCE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    /** @param args the port, and where weights are written: learns until it is killed */
    public static void main(String[] args) {
        WorkerTerms usual = WorkerProgram.terms(Integer.parseInt(args[0]), 2, new FakeWeights(Path.of(args[1]), 1000));
        ClusterSetting setting = new ClusterSetting(
                usual.setting().listen(),
                List.of(),
                usual.setting().secret(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                SILENCE);
        WorkerTerms terms = new WorkerTerms(setting, usual.description(), usual.digests(), 2, usual.weights());
        try (VertxRollouts rollouts = Rollouts.builder(Rollouts.plan().build(), new FakeEngine())
                .prompts(new ListedPrompts(Rollouts.prompts(100), false, 0, Long.MAX_VALUE))
                .engines(Engines.several(0, version -> new FakeEngine()))
                .lease(DeviceLease.separate())
                .workers(terms)
                .build()
                .start()) {
            for (int step = 1; ; step++) {
                rollouts.next(4);
                rollouts.publish(step);
            }
        }
    }

    private Process learner(int port) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                LearnerDeathTest.class.getName(),
                Integer.toString(port),
                directory.resolve("weights").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.resolve("learner.log").toString()))
                .start();
    }

    /** One is in mid-batch, in a call that takes for ever; the other one waits for an order, or is. */
    @Test
    void workers_whoseLearnerIsKilled_endWithinSeconds_byTheBrokenConnection() throws Exception {
        int port = WorkerProgram.freePort();
        CountDownLatch begun = new CountDownLatch(1);
        WorkerHost host = (description, log) -> new WorkerHost.SamplingRuntime(
                Map.of("model", WorkerProgram.DIGEST),
                files -> new FakeEngine() {
                    @Override
                    public void refresh(long newVersion) {
                        super.refresh(FakeWeights.read(files.apply(newVersion)));
                    }

                    @Override
                    protected void before(List<EncodedPrompt> asked) {
                        begun.countDown();
                        Rollouts.sleep(SILENCE.toMillis()); // until it is interrupted
                    }
                },
                null,
                () -> {});
        Process learner = learner(port);
        List<WorkerProgram.Inside> workers = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                workers.add(WorkerProgram.Inside.of(port, host, line -> {}));
            }
            assertThat(begun.await(60, TimeUnit.SECONDS)).as("at work").isTrue();
            learner.destroyForcibly().waitFor();
            long killed = System.nanoTime();
            for (WorkerProgram.Inside worker : workers) {
                WorkerNode.End end = worker.end();
                assertThat(end).as("ended at all").isNotNull();
                assertThat(end.over()).isFalse();
                assertThat(end.reason()).contains("the learner is gone");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(SOON);
        } finally {
            learner.destroyForcibly();
            for (WorkerProgram.Inside worker : workers) {
                worker.close();
            }
        }
    }
}
