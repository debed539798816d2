package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.command.training.RankCommand;
import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyReferenceTest {
    @Test
    void page_isWhatTheRecordsSay() throws IOException {
        Path page = ProjectRoot.find().resolve("docs/keys.md");
        CommandRun run = CommandRun.exactly("help", "--markdown");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readString(page))
                .as("the page is older than the keys; write it again: %s", KeyReference.WRITTEN_BY)
                .isEqualTo(run.out());
    }

    /** The column shows a default also where it is said in words; a help text does not repeat it. */
    @Test
    void defaults_areInTheirColumn() {
        CommandRun run = CommandRun.exactly("help", "--markdown");
        List<String> rows =
                run.out().lines().filter(line -> line.startsWith("| `")).toList();
        assertThat(rows)
                .hasSizeGreaterThan(500)
                .anyMatch(row -> row.startsWith("| `output` | a new one, runs/COMMAND-DATE-TIME |"))
                .anyMatch(row -> row.startsWith("| `max_rows` | all |"))
                .anyMatch(row -> row.startsWith("| `model` | required | a model directory")
                        && row.contains("; or org/name on the Hub |"))
                .noneMatch(row -> row.substring(row.lastIndexOf(" | ")).contains("default: "));
        assertThat(CommandRun.exactly("help", "reward").out())
                .containsSubsequence("  max_rows=\n", "number of rows to read; default: all;");
    }

    @Test
    void lines_everyKey_hasARow() {
        assertThat(new KeyReference(List.of(new RankCommand())).lines())
                .contains("## rank", "### Training")
                .anyMatch(line -> line.startsWith("| `learning_rate` | `1e-6 (online=true: 5e-7)` | a number > 0 | "))
                .anyMatch(line -> line.startsWith("| `model` | required | a model directory"))
                .anyMatch(line -> line.startsWith("| `lr_scheduler_kwargs.min_lr` | `none` |"));
    }
}
