package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellCompletionTest {
    @TempDir
    Path directory;

    @Test
    void bash_completesCommandsKeysAndWords() throws IOException, InterruptedException {
        assumeTrue(Stream.of("/bin/bash", "/usr/bin/bash").anyMatch(shell -> Files.exists(Path.of(shell))), "no bash");
        assertThat(completed("preceptor ra")).containsExactly("rank");
        assertThat(completed("preceptor rank lr_scheduler_kwargs.min"))
                .containsExactly("lr_scheduler_kwargs.min_lr=", "lr_scheduler_kwargs.min_lr_rate=");
        assertThat(completed("preceptor rank lr_scheduler_type=cosine_with_"))
                .containsExactly("cosine_with_restarts", "cosine_with_min_lr");
        assertThat(completed("preceptor rank shuffle=")).containsExactly("true", "false");
        assertThat(completed("preceptor rank --learning-r")).containsExactly("--learning_rate");
        assertThat(completed("preceptor rank --lr-scheduler-type cosine_with_"))
                .containsExactly("cosine_with_restarts", "cosine_with_min_lr");
        assertThat(completed("preceptor rank --lr-scheduler-type=cosine_with_"))
                .containsExactly("cosine_with_restarts", "cosine_with_min_lr");
        Files.createFile(directory.resolve("rows.jsonl"));
        assertThat(completed("preceptor rank data=" + directory.resolve("ro")))
                .containsExactly(directory.resolve("rows.jsonl").toString());
        Files.createFile(directory.resolve("mine.yaml"));
        assertThat(completed("preceptor rank " + directory.resolve("mi")))
                .containsExactly(directory.resolve("mine.yaml").toString());
    }

    @Test
    void zsh_namesKeysAndWords() {
        CommandRun run = CommandRun.exactly("completion", "zsh");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .startsWith("#compdef preceptor\n")
                .contains("    rank) compadd -S '' -- model= ", "\"rank lr_scheduler_type\") compadd -- constant ")
                .doesNotContain("%KEYS%", "%VALUES%", "%COMMANDS%");
    }

    @Test
    void completion_unknownShell_isBadUsage() {
        CommandRun run = CommandRun.exactly("completion", "fish");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains("completion is for bash or zsh, found \"fish\"");
        assertThat(CommandRun.exactly("completion").code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
    }

    /** What bash offers at the end of a line. */
    private List<String> completed(String line) throws IOException, InterruptedException {
        Path script = Files.writeString(
                directory.resolve("completion.bash"),
                CommandRun.exactly("completion", "bash").out());
        int words = line.split(" ").length;
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$0\"; COMP_LINE=$1; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($1); COMP_CWORD=$2;"
                                + " _preceptor; printf '%s\\n' \"${COMPREPLY[@]}\"",
                        script.toString(),
                        line,
                        Integer.toString(words - 1))
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
