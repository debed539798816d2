package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program as a process of its own, killed while a server answers its prompts. */
class ElicitDemonstrationsProcessTest {
    private static final int PROMPTS = 9;
    private static final int ANSWERED = 5;

    @TempDir
    private Path directory;

    private List<String> arguments(TeacherServer server, String output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "elicit",
                "kind=demonstrations",
                "num_generations=2",
                "teacher_url=" + server.url(),
                "teacher_model=writer",
                "teacher_concurrency=1",
                "data=" + directory.resolve("prompts.jsonl"),
                "output=" + directory.resolve(output)));
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private void elicit(TeacherServer server, String output, String... more) {
        CommandRun run = CommandRun.of(arguments(server, output, more).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }

    private static ServedReply reply(TeacherServer.Call call) {
        return ServedReply.completion(
                call.question() + " by " + call.body().path("seed").asLong());
    }

    @Test
    void run_killedInTheMiddle_paysOnce_andEndsLikeOneThatWasNot() throws Exception {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < PROMPTS; i++) {
            rows.append("{\"prompt\": \"Say ").append(i).append("\"}\n");
        }
        Files.writeString(directory.resolve("prompts.jsonl"), rows);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (TeacherServer server = TeacherServer.start(call -> {
            if (call.number() < ANSWERED || killed.getCount() == 0) {
                return reply(call);
            }
            return connection -> {
                held.countDown();
                killed.await();
                connection.close();
            };
        })) {
            ProgramProcess program =
                    ProgramProcess.start(directory.resolve("log"), List.of(), arguments(server, "killed"));
            held.await();
            program.process().destroyForcibly().waitFor();
            killed.countDown();
            elicit(server, "killed", "resume=true");
            assertThat(server.calls()).as("only the one in flight again").hasSize(2 * PROMPTS + 1);
            assertThat(server.calls().stream().collect(Collectors.groupingBy(TeacherServer.Call::body)))
                    .hasSize(2 * PROMPTS);
            elicit(server, "whole");
        }
        assertThat(directory.resolve("killed/demonstrations.jsonl"))
                .isNotEmptyFile()
                .hasSameBinaryContentAs(directory.resolve("whole/demonstrations.jsonl"));
    }
}
