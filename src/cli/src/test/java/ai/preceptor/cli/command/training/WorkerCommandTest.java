package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers as processes of their own, with a tiny model. */
class WorkerCommandTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private final List<ProgramProcess> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(one -> one.process().destroyForcibly());
    }

    /** The same three workers serve two runs, one of all weights and one of an adapter. */
    @Test
    void policy_withThreeWorkers_learnsFromTheSameSamplesAsAlone() throws Exception {
        int port = freePort();
        assertThat(policy("alone").code()).isEqualTo(ExitCode.DONE);
        assertThat(policy("alone-lora", "lora_r=4").code()).isEqualTo(ExitCode.DONE);
        ProgramProcess first = worker("first", port, "when_over=wait");
        ProgramProcess second = worker("second", port, "when_over=wait", "score=false");
        worker("third", port, "when_over=wait", "score=false");
        CommandRun all = policy("workers", "cluster.listen=127.0.0.1:" + port, "cluster.workers=3");
        assertThat(all.code()).as("%s%n%s", all.err(), first.output()).isEqualTo(ExitCode.DONE);
        assertSame("samples.jsonl", "alone", "workers");
        assertSame("model/model.safetensors", "alone", "workers");
        first.awaitOutput("joined; generates and scores");
        second.awaitOutput("joined; generates");
        assertThat(second.output()).doesNotContain("and scores");
        assertActors("workers", "worker-1", "worker-2", "worker-3");

        CommandRun adapter = policy(
                "workers-lora", "lora_r=4", "generators=1", "cluster.listen=127.0.0.1:" + port, "cluster.workers=3");
        assertThat(adapter.code()).as("%s%n%s", adapter.err(), first.output()).isEqualTo(ExitCode.DONE);
        assertSame("samples.jsonl", "alone-lora", "workers-lora");
        assertSame("model/adapter_model.safetensors", "alone-lora", "workers-lora");
        assertActors("workers-lora", "generator-0", "worker-1", "worker-2", "worker-3");
    }

    /** What is sent is rounded as the learner's own samplers round it. */
    @Test
    void policy_inBfloat16_withAWorker_learnsFromTheSameSamplesAsAlone() throws Exception {
        int port = freePort();
        assertThat(policy("alone", "dtype=bfloat16").code()).isEqualTo(ExitCode.DONE);
        ProgramProcess only = worker("only", port);
        CommandRun run = policy("worker", "dtype=bfloat16", "cluster.listen=127.0.0.1:" + port);
        assertThat(run.code()).as("%s%n%s", run.err(), only.output()).isEqualTo(ExitCode.DONE);
        assertSame("samples.jsonl", "alone", "worker");
        assertSame("model/model.safetensors", "alone", "worker");
        assertActors("worker", "worker-1");
    }

    private void assertActors(String run, String... names) throws IOException {
        JsonNode actors = new JsonMapper()
                .readTree(directory.resolve(run).resolve("summary.json").toFile())
                .path("actors");
        for (String name : names) {
            assertThat(actors).anySatisfy(actor -> {
                assertThat(actor.path("actor").textValue()).isEqualTo(name);
                assertThat(actor.path("utilization").doubleValue()).isBetween(0.0, 1.0);
            });
            assertThat(directory.resolve(run).resolve("report.html")).content().contains(name, "utilization");
        }
        long tokens = 0;
        for (JsonNode actor : actors) {
            tokens += actor.path("tokens").longValue();
        }
        assertThat(tokens).isPositive();
    }

    @Test
    void worker_withOtherFiles_isRefused_andOneWhoseLearnerIsKilledEnds() throws Exception {
        int port = freePort();
        ProgramProcess learner = ProgramProcess.start(
                directory.resolve("learner.log"),
                List.of(),
                arguments(
                        "killed",
                        "max_steps=100000",
                        "save_steps=100000",
                        "device=cpu",
                        "cluster.listen=127.0.0.1:" + port,
                        "cluster.heartbeat=0.2",
                        "heartbeat_timeout=30"));
        processes.add(learner);
        Path other = Files.createDirectory(directory.resolve("other"));
        try (Stream<Path> files = Files.list(STUDENT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Files.writeString(other.resolve("config.json"), Files.readString(other.resolve("config.json")) + "\n");
        CommandRun refused =
                CommandRun.of("worker", "model=" + other, "cluster.members=[127.0.0.1:" + port + "]", "score=false");
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err())
                .contains("the learner refuses this worker: ", "model is SHA-256 ", ", expected SHA-256 ");
        // Any variables will do: one of more than 16 characters, and one of fewer.
        CommandRun stranger = CommandRun.of(
                "worker", "model=" + STUDENT, "cluster.members=[127.0.0.1:" + port + "]", "cluster.secret_env=PATH");
        assertThat(stranger.code()).as(stranger.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(stranger.err()).contains("127.0.0.1:" + port + " has another secret than this process");
        learner.awaitOutput("127.0.0.1: refused: it has not proved that it has the secret");
        ProgramProcess worker = worker("worker", port);
        learner.await(directory.resolve("killed/metrics.jsonl"), 2);
        learner.process().destroyForcibly();
        assertThat(worker.end()).as(worker.output()).isEqualTo(ExitCode.TEACHER_FAILED.number());
        assertThat(worker.output()).contains("the learner is gone");
    }

    @Test
    void policy_stoppedWhileItWaitsForWorkers_endsAsStopped() throws Exception {
        int port = freePort();
        ProgramProcess learner = ProgramProcess.start(
                directory.resolve("learner.log"),
                List.of(),
                arguments("waiting", "device=cpu", "cluster.listen=127.0.0.1:" + port));
        processes.add(learner);
        awaitListening(port, learner.process());

        learner.process().destroy();

        assertThat(learner.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(learner.process().exitValue()).as(learner.output()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(learner.output()).contains("interrupted after step 0 of 3");
    }

    private static void awaitListening(int port, Process learner) throws InterruptedException {
        while (learner.isAlive()) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
        throw new AssertionError("ended early");
    }

    /** As a service is. */
    @Test
    void worker_thatIsStopped_leavesNoWeights() throws Exception {
        int port = freePort();
        ProgramProcess learner = ProgramProcess.start(
                directory.resolve("learner.log"),
                List.of(),
                arguments("run", "max_steps=100000", "device=cpu", "cluster.listen=127.0.0.1:" + port));
        processes.add(learner);
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        ProgramProcess worker = ProgramProcess.start(
                directory.resolve("worker.log"),
                List.of("-Djava.io.tmpdir=" + temporary),
                List.of("worker", "model=" + STUDENT, "device=cpu", "cluster.members=[127.0.0.1:" + port + "]"));
        processes.add(worker);
        learner.await(directory.resolve("run/metrics.jsonl"), 2);

        worker.process().destroy();

        assertThat(worker.end()).as(worker.output()).isEqualTo(ExitCode.INTERRUPTED.number());
        assertThat(temporary).isDirectoryNotContaining("glob:**preceptor-weights-*");
        learner.awaitOutput("worker-1 is lost: this worker was stopped");
    }

    @Test
    void worker_withoutALearner_saysSo() throws IOException {
        CommandRun run = CommandRun.of(
                "worker",
                "model=" + STUDENT,
                "cluster.members=[127.0.0.1:" + freePort() + "]",
                "cluster.join_timeout=0.2");
        assertThat(run.code()).isEqualTo(ExitCode.TEACHER_FAILED);
        assertThat(run.err()).contains("no learner at [127.0.0.1:");
    }

    @Test
    void cluster_onAnotherThanALoopbackAddress_needsASecret() {
        CommandRun learner = policy("open", "cluster.listen=0.0.0.0:5701");
        assertThat(learner.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(learner.err()).contains("cluster.listen: ", "0.0.0.0:5701", "there is no secret");
        CommandRun worker = CommandRun.of("worker", "model=" + STUDENT, "cluster.listen=0.0.0.0:0");
        assertThat(worker.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(worker.err()).contains("there is no secret");
        CommandRun remote = CommandRun.of("worker", "model=" + STUDENT, "cluster.members=[192.0.2.1:5701]");
        assertThat(remote.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(remote.err()).contains("cluster.members: ", "192.0.2.1:5701", "there is no secret");
        CommandRun brief = CommandRun.of("worker", "model=" + STUDENT, "cluster.secret_env=OPT_OUT_TRACKING");
        assertThat(brief.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(brief.err())
                .contains("cluster.secret_env: ", "OPT_OUT_TRACKING: expected 16 characters or more, found 4");
    }

    private void assertSame(String file, String one, String other) {
        assertThat(directory.resolve(other).resolve(file))
                .hasSameBinaryContentAs(directory.resolve(one).resolve(file));
    }

    private ProgramProcess worker(String name, int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("worker", "model=" + STUDENT, "device=cpu", "cluster.members=[127.0.0.1:" + port + "]"));
        arguments.addAll(Arrays.asList(more));
        ProgramProcess process = ProgramProcess.start(directory.resolve(name + ".log"), List.of(), arguments);
        processes.add(process);
        return process;
    }

    private CommandRun policy(String output, String... more) {
        return CommandRun.of(arguments(output, more).toArray(String[]::new));
    }

    private List<String> arguments(String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "policy",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output),
                "rule=brevity",
                "batch_size=8",
                "max_completion_length=8",
                "learning_rate=1e-3",
                "lr_scheduler_type=constant"));
        if (Arrays.stream(more).noneMatch(key -> key.startsWith("max_steps"))) {
            arguments.add("max_steps=3");
        }
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private static int freePort() {
        return new ClusterAddress("127.0.0.1", 0).withFreePort().port();
    }
}
