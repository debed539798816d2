package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** References to what {@code elicit} writes, which depends on its keys, are checked before a stage starts. */
class ElicitReferencesTest {
    private static final Path MODEL = Golden.dir("tiny-chat");

    @TempDir
    private Path directory;

    private CommandRun run(String keys, String command, String file) throws IOException {
        Path recipe = Files.writeString(directory.resolve("r.yaml"), """
                output: %s
                model: %s
                data: %s
                stages:
                  a: {command: elicit, %s}
                  b: {command: %s, data: 'stage:a/%s', max_steps: 1}
                """.formatted(
                        directory.resolve("out"), MODEL, Golden.file("pairs.jsonl"), keys, command, file));
        return CommandRun.of("run", recipe.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rule: brevity | demonstrations.jsonl | preferences.jsonl or stage:a/ranked.jsonl",
                "kind: demonstrations, teacher: MODEL | preferences.jsonl | demonstrations.jsonl",
                "rule: brevity | prompts.jsonl | preferences.jsonl or stage:a/ranked.jsonl",
                "chosen: row | ranked.jsonl | preferences.jsonl",
                "kind: corrections, teacher: MODEL | ranked.jsonl | preferences.jsonl",
                "kind: prompts, teacher: MODEL, num_prompts: 3 | demonstrations.jsonl | prompts.jsonl or stage:a/dropped.jsonl"
            })
    void fileThatItsKeysDoNotWrite_isRefusedBeforeAnyStage(String keys, String file, String written)
            throws IOException {
        CommandRun run = run(keys.replace("MODEL", MODEL.toString()), "sft", file);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("expected stage:a/" + written + "; with its keys stage a does not write " + file);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    /** They are split off with eval_rows, here or at the top. */
    @Test
    void heldOutRows_areWrittenWithEvalRowsOnly() throws IOException {
        String stages = """
                output: %s
                model: %s
                data: %s
                max_steps: 1
                stages:
                  a: {command: rank}
                  b: {command: rank, data: 'stage:a/heldout.jsonl'}
                """.formatted(directory.resolve("out"), MODEL, Golden.file("pairs.jsonl"));
        Path recipe = Files.writeString(directory.resolve("r.yaml"), stages);
        assertThat(CommandRun.of("run", recipe.toString()).err())
                .contains("expected stage:a; with its keys stage a does not write heldout.jsonl");
        Files.writeString(recipe, stages.replace("{command: rank}", "{command: rank, eval_rows: 4}"));
        CommandRun held = CommandRun.of("run", recipe.toString());
        assertThat(held.code()).as(held.err()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void fileThatItsKeysWrite_isTaken() throws IOException {
        CommandRun run =
                run("rule: brevity, select: best_of_n, max_new_tokens: 3, max_rows: 4", "sft", "demonstrations.jsonl");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }
}
