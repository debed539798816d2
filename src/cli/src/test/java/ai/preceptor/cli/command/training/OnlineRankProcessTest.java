package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.rollout.cluster.ClusterAddress;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rank online=true} as a process of its own that is killed, and with a worker. */
@Tag("steps-in-java")
class OnlineRankProcessTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final int KILLED = 137;

    /** Steps are checkpointed two at a time: the kill costs one that was made, and the half of one more. */
    private static final int STEPS_BEFORE = 3;

    private static final int CALLS_OF_THE_NEXT = 4;

    @TempDir
    Path directory;

    /** The paid judge's replies, by question. */
    private final Map<String, Integer> paid = new ConcurrentHashMap<>();

    @Test
    void run_killedWhileItSamples_endsLikeOneThatWasNot_andPaysNothingTwice() throws Exception {
        try (TeacherServer server = TeacherServer.start(call -> judged(call, new ConcurrentHashMap<>()))) {
            CommandRun whole = CommandRun.exactly(arguments("whole", server).toArray(String[]::new));
            assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
        }
        Path run = directory.resolve("run");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        AtomicInteger late = new AtomicInteger();
        try (TeacherServer server = TeacherServer.start(call ->
                killed.getCount() > 0 && steps(run) >= STEPS_BEFORE && late.incrementAndGet() > CALLS_OF_THE_NEXT
                        ? held(held, killed)
                        : judged(call, paid))) {
            ProgramProcess first =
                    ProgramProcess.start(directory.resolve("first.log"), List.of(), arguments("run", server));
            held.await();
            first.process().destroyForcibly();
            assertThat(first.end()).as(first.output()).isEqualTo(KILLED);
            assertThat(run.resolve("checkpoints/step-2")).exists();
            killed.countDown();
            CommandRun resumed =
                    CommandRun.exactly(arguments("run", server, "resume=true").toArray(String[]::new));
            assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        }
        for (String file : List.of("model/model.safetensors", "samples.jsonl")) {
            assertThat(run.resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
        }
        assertThat(paid.values()).as("each question once").containsOnly(1);
        JsonNode summary =
                new ObjectMapper().readTree(run.resolve("summary.json").toFile());
        assertThat(summary.path("teacher/calls").intValue()).isEqualTo(paid.size());
    }

    /** A worker samples and scores as the learner would, with the learner's {@code rollout_dtype}. */
    @ParameterizedTest
    @ValueSource(strings = {"seed=42", "rollout_dtype=int8"})
    void run_withAWorker_learnsFromTheSameSamplesAsAlone(String steps) throws Exception {
        String[] keys = {"rule=brevity", "loss_type=kto", "num_generations=3", "top_k=50", "max_steps=3", steps};
        CommandRun alone = CommandRun.exactly(arguments("alone", null, keys).toArray(String[]::new));
        assertThat(alone.code()).as(alone.err()).isEqualTo(ExitCode.DONE);
        int port = new ClusterAddress("127.0.0.1", 0).withFreePort().port();
        ProgramProcess worker = ProgramProcess.start(
                directory.resolve("worker.log"),
                List.of("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=4"),
                List.of(
                        "worker",
                        "model=" + STUDENT,
                        "device=cpu",
                        "threads=1",
                        "cluster.members=[127.0.0.1:" + port + "]"));
        try {
            List<String> clustered = arguments("clustered", null, keys);
            clustered.add("cluster.listen=127.0.0.1:" + port);
            CommandRun run = CommandRun.exactly(clustered.toArray(String[]::new));
            assertThat(run.code()).as("%s%n%s", run.err(), worker.output()).isEqualTo(ExitCode.DONE);
            assertThat(worker.end()).as(worker.output()).isZero();
        } finally {
            worker.process().destroyForcibly();
        }
        assertThat(worker.output()).contains("joined; generates and scores");
        for (String file : List.of("model/model.safetensors", "samples.jsonl")) {
            assertThat(directory.resolve("clustered").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("alone").resolve(file));
        }
    }

    private List<String> arguments(String output, TeacherServer server, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "rank",
                "online=true",
                "model=" + STUDENT,
                "data=" + Golden.file("pairs.jsonl"),
                "output=" + directory.resolve(output),
                "device=cpu",
                "threads=1",
                "max_new_tokens=8",
                "batch_size=4",
                "learning_rate=1e-3",
                "save_steps=2"));
        if (server != null) {
            arguments.addAll(List.of(
                    "max_steps=5",
                    "teacher_url=" + server.url(),
                    "teacher_model=judge-1",
                    "teacher_concurrency=2",
                    "teacher_max_tokens=10"));
        }
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private static ServedReply judged(TeacherServer.Call call, Map<String, Integer> replies) {
        ServedReply reply = ServedReply.completion(
                "Hm.\nScore: " + (1 + Math.abs(call.question().hashCode() % 10)));
        return connection -> {
            replies.merge(call.question(), 1, Integer::sum);
            reply.to(connection);
        };
    }

    /** A reply that does not come before the program is killed, nor then. */
    private static ServedReply held(CountDownLatch held, CountDownLatch killed) {
        return connection -> {
            held.countDown();
            killed.await();
            connection.close();
        };
    }

    private static long steps(Path run) {
        Path metrics = run.resolve("metrics.jsonl");
        try {
            return Files.exists(metrics) ? Files.readString(metrics).lines().count() : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
