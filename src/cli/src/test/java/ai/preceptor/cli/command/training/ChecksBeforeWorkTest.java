package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused leaves no directory, and a recipe's last stage is checked before its first one runs. */
class ChecksBeforeWorkTest {
    private static final String STUDENT = "model=embedded:student";

    @TempDir
    Path directory;

    private Path pairs;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        String row = "{\"prompt\": \"a\", \"chosen\": \"b c\", \"rejected\": \"d\"}\n";
        pairs = Files.writeString(directory.resolve("pairs.jsonl"), row.repeat(3));
        output = directory.resolve("out");
    }

    @Test
    void reward_moreHeldOutRowsThanData_isRefused() {
        refused(
                "eval_rows: expected fewer than the 3 rows of data, found 600",
                "reward",
                STUDENT,
                "data=" + pairs,
                "eval_rows=600",
                "output=" + output);
        refused(
                "eval_rows: expected fewer than the 2 rows of data, found 2",
                "rank",
                STUDENT,
                "data=" + pairs,
                "eval_rows=2",
                "max_rows=2",
                "output=" + output);
    }

    @Test
    void reward_heldOutRowsOfAFolder_areCounted() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("shards"));
        Files.copy(pairs, folder.resolve("a.jsonl"));
        Files.copy(pairs, folder.resolve("b.jsonl"));
        refused(
                "eval_rows: expected fewer than the 6 rows of data, found 6",
                "reward",
                STUDENT,
                "data=" + folder,
                "eval_rows=6",
                "output=" + output);
    }

    @Test
    void reward_parquetNamedAsJsonLines_isNotCountedByItsLineFeeds() throws IOException {
        Path named = Files.writeString(directory.resolve("named.jsonl"), "PAR1\nx\n");
        CommandRun run = CommandRun.of("reward", STUDENT, "data=" + named, "eval_rows=5", "output=" + output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("Parquet").doesNotContain("eval_rows");
    }

    @Test
    void policy_answerAsLongAsTheContext_isRefused() {
        refused(
                "max_completion_length: expected less than the model's context of 128 tokens",
                "policy",
                STUDENT,
                "data=embedded:prompts",
                "rule=brevity",
                "max_completion_length=128",
                "output=" + output);
        refused(
                "max_new_tokens: expected less than the model's context of 128 tokens",
                "rank",
                STUDENT,
                "data=embedded:prompts",
                "online=true",
                "rule=brevity",
                "max_new_tokens=200",
                "output=" + output);
    }

    @Test
    void sft_rowsOfAnotherFormat_leaveNoDirectory() {
        CommandRun run = CommandRun.of("sft", STUDENT, "data=" + pairs, "output=" + output);
        assertThat(run.code()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(run.err()).contains("3 invalid rows", "expected the keys prompt and completion");
        assertThat(output).doesNotExist();
    }

    @Test
    void recipe_lastStageThatCannotRun_isRefusedBeforeTheFirst() throws IOException {
        Path recipe = Files.writeString(directory.resolve("r.yaml"), """
                output: %s
                device: cpu
                stages:
                  preferences:
                    command: elicit
                    model: embedded:student
                    teacher: embedded:teacher
                    data: embedded:prompts
                  reward:
                    command: reward
                    model: embedded:student
                    data: %s
                    eval_rows: 3
                  policy:
                    command: policy
                    model: embedded:student
                    reward_model: stage:reward
                    data: embedded:prompts
                    max_completion_length: 500
                """.formatted(output, pairs));
        CommandRun run = CommandRun.exactly("run", recipe.toString());
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains(
                        "preceptor run: 2 problems",
                        "stages.reward.eval_rows: expected fewer than the 3 rows",
                        "stages.policy.max_completion_length: expected less than the model's context of 128");
        assertThat(output).doesNotExist();
    }

    private void refused(String problem, String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(problem).doesNotContain("problems");
        assertThat(output).doesNotExist();
    }
}
