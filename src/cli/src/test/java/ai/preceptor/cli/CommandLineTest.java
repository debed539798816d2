package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.setting.Key;
import ai.preceptor.train.DivergedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    public record Keys(
            @Key(help = "how often", defaultValue = "1", range = "[1, 9]")
            int times,

            @Key(help = "run directory", required = true) Path output)
            implements HasOutput {
        @Override
        public Path runDirectory() {
            return output;
        }
    }

    private static final class Repeat extends Command<Keys> {
        private final Consumer<Keys> action;

        Repeat(Consumer<Keys> action) {
            super("repeat", "does it again", Keys.class);
            this.action = action;
        }

        @Override
        public void run(Keys configuration, Terminal terminal) {
            action.accept(configuration);
        }
    }

    @Test
    void run_goodArguments_reachTheCommand() throws IOException {
        Path yaml = Files.writeString(directory.resolve("c.yaml"), "times: 2\noutput: o");
        List<Keys> seen = new ArrayList<>();
        assertThat(run(seen::add, "repeat", yaml.toString(), "times=3")).isEqualTo(ExitCode.DONE);
        assertThat(seen).containsExactly(new Keys(3, Path.of("o")));
        assertThat(text(err)).isEmpty();
    }

    @Test
    void run_help_printsOnStandardOutput() {
        assertThat(run(keys -> {}, "help")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("repeat     does it again", "usage: preceptor COMMAND");
        assertThat(run(keys -> {}, "help", "repeat")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("times=1", "how often; an integer in [1, 9]", "output=(required)");
        assertThat(run(keys -> {}, "repeat", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void run_badUsage_saysSoOnStandardError() {
        assertThat(run(keys -> {})).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(text(err)).contains("usage: preceptor COMMAND");
        assertThat(run(keys -> {}, "repaet")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(text(err))
                .contains("unknown command \"repaet\"; nearest is repeat; commands are repeat, completion, help");
        assertThat(run(keys -> {}, "help", "what")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run(keys -> {}, "repeat", "a.yaml", "b.yaml")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(text(err)).contains("one CONFIG.yaml at most, found also b.yaml");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void run_badConfiguration_neverRunsTheCommand() {
        List<Keys> seen = new ArrayList<>();
        assertThat(run(seen::add, "repeat", "times=0", "tmies=2")).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(seen).isEmpty();
        assertThat(text(err)).isEqualTo("""
                        preceptor repeat: 3 problems
                          command line: tmies: unknown key, found 2; nearest known key is times
                          command line: times: expected an integer in [1, 9], found 0
                          command line: output: required but not given; expected a path
                        """);
    }

    @Test
    void run_failures_becomeTheirExitCodes() {
        assertThat(thrown(new ConfigurationException("x"))).isEqualTo(2);
        assertThat(thrown(new OutputException(Path.of("p"), "disk full", new IOException())))
                .isEqualTo(2);
        assertThat(thrown(new OutputException(
                        Path.of("p"), "cannot be written", new IOException("No space left on device"))))
                .isEqualTo(4);
        assertThat(thrown(new UncheckedIOException(new IOException("Disk quota exceeded"))))
                .isEqualTo(4);
        assertThat(thrown(new DataException("x"))).isEqualTo(3);
        assertThat(thrown(new TeacherException("x"))).isEqualTo(4);
        assertThat(thrown(new ScorerException("x"))).isEqualTo(4);
        assertThat(thrown(new InterruptedRunException("x"))).isEqualTo(130);
        assertThat(thrown(new DivergedException("step 3: loss is NaN"))).isEqualTo(1);
        assertThat(text(err)).contains("preceptor repeat: step 3: loss is NaN").doesNotContain("defect");
        assertThat(text(err)).contains("preceptor repeat: p: disk full").doesNotContain("\tat ");
        assertThat(thrown(new IllegalStateException("no space left")))
                .as("no word of a system")
                .isEqualTo(1);
    }

    @Test
    void run_defect_keepsItsTraceInTheRunDirectory() throws IOException {
        assertThat(thrown(new IllegalStateException("broken inside"))).isEqualTo(1);
        Path log = directory.resolve("error.log");
        assertThat(text(err)).contains("unexpected java.lang.IllegalStateException: broken inside", log.toString());
        assertThat(text(err)).doesNotContain("\tat ");
        assertThat(Files.readString(log)).contains("\tat ");
    }

    private int thrown(RuntimeException failure) {
        Consumer<Keys> action = keys -> {
            throw failure;
        };
        return run(action, "repeat", "output=" + directory).number();
    }

    private ExitCode run(Consumer<Keys> action, String... arguments) {
        Terminal terminal = new Terminal(stream(out), stream(err), false, 80);
        return new CommandLine(new Commands(List.of(new Repeat(action))), terminal).run(List.of(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
