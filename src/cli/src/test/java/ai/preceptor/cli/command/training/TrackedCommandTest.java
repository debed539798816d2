package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code report_to}, {@code metrics_port} and {@code otlp_url} of the commands that train. */
class TrackedCommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"reward", "rank", "sft"})
    void run_isRecorded_andMetered(String command) throws IOException {
        CommandRun run = train(command, "report_to=[tensorboard, trackio]", "metrics_port=0");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        Path output = directory.resolve("run");
        try (Stream<Path> files = Files.list(output.resolve("tensorboard"))) {
            assertThat(files).singleElement().satisfies(file -> assertThat(file).isNotEmptyFile());
        }
        assertThat(output.resolve("trackers/tensorboard.json")).content().contains("\"step\" : 2");
        assertThat(output.resolve("trackio_import.py")).exists();
        assertThat(run.err()).contains("tensorboard: " + output, "meters at http://127.0.0.1:");
    }

    @Test
    void run_resumed_goesOnWithTheSameFiles() throws IOException {
        assertThat(train("reward", "report_to=tensorboard", "save_steps=1").code())
                .isEqualTo(ExitCode.DONE);
        CommandRun more = train("reward", "report_to=[tensorboard]", "resume=true", "max_steps=3");
        assertThat(more.code()).as(more.err()).isEqualTo(ExitCode.DONE);
        try (Stream<Path> files = Files.list(directory.resolve("run/tensorboard"))) {
            assertThat(files).hasSize(2);
        }
        assertThat(directory.resolve("run/trackers/tensorboard.json")).content().contains("\"step\" : 3");
    }

    /** Before anything is loaded or written. */
    @Test
    void tracker_withoutItsServer_isRefused() {
        assumeThat(System.getenv("MLFLOW_TRACKING_URI")).isNull();
        CommandRun run = train("reward", "report_to=[mlflow]");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("report_to: expected the environment variable MLFLOW_TRACKING_URI with mlflow");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void tracker_thatIsUnknownOrTwice_isRefused() {
        assertThat(train("reward", "report_to=[wandb]").err())
                .contains("report_to", "expected one of tensorboard, mlflow, trackio");
        assertThat(train("reward", "report_to=[trackio, trackio]").err())
                .contains("report_to: expected different trackers, found [trackio, trackio]");
    }

    @Test
    void port_thatIsTaken_isRefusedBeforeADirectoryIsMade() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            CommandRun run = train("sft", "metrics_port=" + taken.getLocalPort());
            assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
            assertThat(run.err()).contains("metrics_port: cannot listen on 127.0.0.1:");
            assertThat(directory.resolve("run")).doesNotExist();
        }
    }

    private Path demonstrations() {
        Path file = directory.resolve("demonstrations.jsonl");
        try {
            return Files.writeString(file, "{\"prompt\":\"a b\",\"completion\":\"b a\"}\n".repeat(8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CommandRun train(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(
                "model=" + Golden.dir("tiny-chat"),
                "data=" + (command.startsWith("sft") ? demonstrations() : Golden.file("pairs.jsonl")),
                "output=" + directory.resolve("run"),
                "learning_rate=1e-4",
                "lr_scheduler_type=constant"));
        List<String> others = List.of(more);
        if (others.stream().noneMatch(key -> key.startsWith("max_steps="))) {
            arguments.add("max_steps=2");
        }
        arguments.addAll(others);
        return CommandRun.of(arguments.toArray(String[]::new));
    }
}
