package ai.preceptor.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule that reads a column of the rows, in every command that takes one. */
class RuleColumnsTest {
    /** Not even its files are looked at before the rows. */
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    private Path rows;

    @BeforeEach
    void writeRows() throws IOException {
        rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"1 + 1\"}], \"answer\": \"2\"}\n\n"
                        + "{\"prompt\": [{\"role\": \"user\", \"content\": \"1 + 2\"}], \"reply\": 3, \"answer\": null}\n");
    }

    @Test
    void rowsWithoutTheColumn_areRefusedWithFileAndLine() {
        for (String command : List.of("elicit", "policy", "eval")) {
            CommandRun run = run(command, "rule=accuracy");
            assertThat(run.code()).as("%s: %s", command, run.err()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(run.err())
                    .contains(
                            rows + ":3: rule=accuracy: expected a column answer, solution or ground_truth for the rule,"
                                    + " found the columns [reply, answer]");
            CommandRun contains = run(command, "rule=contains_answer");
            assertThat(contains.code()).isEqualTo(ExitCode.BAD_DATA);
            assertThat(contains.err()).contains(rows + ":3: rule=contains_answer: expected a column answer");
        }
    }

    @Test
    void suchRows_canBeSkipped() {
        CommandRun run = run("eval", "rule=contains_answer", "on_bad_row=skip", "max_new_tokens=2");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.err())
                .contains("2 rows read, 1 kept, 1 bad row", "  skipped " + rows + ":3: rule=contains_answer");
        assertThat(run.out()).contains("1 different prompts");
    }

    private CommandRun run(String command, String... keys) {
        List<String> all = new ArrayList<>(
                List.of(command, "model=" + MODEL, "data=" + rows, "output=" + directory.resolve(command)));
        all.addAll(List.of(keys));
        if (command.equals("policy")) {
            all.add("max_completion_length=8");
        }
        return CommandRun.of(all.toArray(String[]::new));
    }
}
