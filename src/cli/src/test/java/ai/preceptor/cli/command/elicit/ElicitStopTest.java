package ai.preceptor.cli.command.elicit;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandLine;
import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.Commands;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stop does not wait for the end of a batch of calls to a served teacher. */
@Timeout(60)
class ElicitStopTest {
    private static final int ROWS = 20;

    @TempDir
    private Path directory;

    @Test
    void stop_whileTheServerThrottles_endsWith130_andResumeAsksTheRest() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            rows.append("{\"prompt\": \"Say ").append(i).append("\"}\n");
        }
        Files.writeString(directory.resolve("rows.jsonl"), rows);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, false, 80);
        try (TeacherServer server = TeacherServer.start(call -> {
            if (call.number() == 1) {
                terminal.interrupt().request();
            }
            return call.number() == 1
                    ? ServedReply.error(429, Map.of("retry-after", "3600"), "slow down")
                    : ServedReply.completion("one");
        })) {
            String[] arguments = {
                "elicit",
                "kind=demonstrations",
                "data=" + directory.resolve("rows.jsonl"),
                "output=" + directory.resolve("run"),
                "teacher_url=" + server.url(),
                "teacher_model=w",
                "teacher_concurrency=1",
                "device=cpu",
                "resume=true"
            };
            ExitCode code = new CommandLine(Commands.standard(), terminal).run(List.of(arguments));
            assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("interrupted; what was answered is in the ledger of calls, continue with resume=true");
            assertThat(directory.resolve("run/status.json")).content().contains("stopped");
            assertThat(server.calls()).hasSize(2);
            CommandRun rest = CommandRun.exactly(arguments);
            assertThat(rest.code()).as(rest.err()).isEqualTo(ExitCode.DONE);
            assertThat(server.calls()).hasSize(ROWS + 1);
        }
    }
}
