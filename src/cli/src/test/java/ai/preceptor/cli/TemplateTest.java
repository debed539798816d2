package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.config.KeyRow;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
    @TempDir
    Path directory;

    static Stream<Command<?>> commands() {
        return Commands.standard().names().stream().map(Commands.standard()::named);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void template_asPrinted_isAConfiguration(Command<?> command) throws IOException {
        Path file = write(command, printed(command.name()));
        assertThat(command.read(file, List.of())).isNotNull();
    }

    /** Each default is legal in the form in which it is shown, and is the default. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void template_withEveryDefaultSet_isTheSameConfiguration(Command<?> command) throws IOException {
        String printed = printed(command.name());
        String set = printed.lines()
                .filter(line -> !line.startsWith("# ") && !line.startsWith("#  ") && !line.equals("#"))
                .map(line -> line.startsWith("#") ? line.substring(1) : line)
                .collect(Collectors.joining("\n"));
        assertThat(set).contains(":");
        Record same = command.read(write(command, set), List.of());
        Record plain = command.read(write(command, printed), List.of());
        if (!(same instanceof Recipe)) {
            assertThat(new Resolved(same).toMap())
                    .isEqualTo(new Resolved(plain).toMap())
                    .isNotEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void template_everyKey_isThereOnce(Command<?> command) {
        List<String> lines = printed(command.name()).lines().toList();
        for (KeyRow row : KeyRow.of(command.keys())) {
            String name = row.path().substring(row.path().lastIndexOf('.') + 1);
            assertThat(lines.stream().filter(line -> line.matches("#? *" + name + ":( .*)?")))
                    .as(row.path())
                    .isNotEmpty();
        }
    }

    @Test
    void template_ofNothing_isBadUsage() {
        CommandRun run = CommandRun.exactly("help", "--template");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("help --template needs a command");
    }

    private Path write(Command<?> command, String text) throws IOException {
        return Files.writeString(directory.resolve(command.name() + ".yaml"), text);
    }

    private static String printed(String command) {
        CommandRun run = CommandRun.exactly("help", "--template", command);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run.out();
    }
}
