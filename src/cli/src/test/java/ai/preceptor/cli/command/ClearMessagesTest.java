package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused is told in the words of the keys, with what would help, and once. */
class ClearMessagesTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final Path PAIRS = Golden.file("pairs.jsonl");

    @TempDir
    private Path directory;

    private CommandRun run(String command, String... keys) {
        List<String> arguments = new ArrayList<>(List.of(command, "output=" + directory.resolve("run")));
        arguments.addAll(Arrays.asList(keys));
        arguments.replaceAll(key -> key.replace("MODEL", MODEL.toString()));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "elicit model=MODEL teacher=MODEL teacher_labels=[Y,N] | found [Y, N] without teacher_mode",
                "elicit model=MODEL teacher=MODEL probability_clamp=0.1 | found 0.1 without teacher_mode",
                "elicit model=MODEL rule=brevity hint_retry=true | hint_retry: expected select=verified, found none",
                "elicit kind=prompts num_prompts=1 | teacher: expected exactly one of teacher and teacher_url, found 0",
                "elicit kind=demonstrations | teacher: expected exactly one of teacher and teacher_url, found 0",
                "distill model=MODEL teacher=MODEL kd_loss_mode=averaged_probs | expected sum with one teacher, found averaged_probs",
                "distill model=MODEL teacher=MODEL loss_type=[uld] teacher_top_k=2 | above 0, found [uld]",
                "distill model=MODEL teacher_url=http://localhost:1 teacher_model=x distillation=online | expected offline with teacher_url, found online",
            })
    void values_areShownAsTheyAreWritten(String written, String message) {
        String[] words = written.split(" ", 2);
        List<String> keys = new ArrayList<>(List.of(words[1].split(" ", -1)));
        keys.add("data=" + PAIRS);
        CommandRun refused = run(words[0], keys.toArray(String[]::new));
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(refused.err()).contains(message);
    }

    @Test
    void ruleThatCannotWrite_isOneProblem() {
        CommandRun refused = run("elicit", "kind=demonstrations", "teacher=MODEL", "rule=brevity", "data=" + PAIRS);
        assertThat(refused.err())
                .contains("rule: expected teacher or teacher_url with kind=demonstrations, found a rule")
                .doesNotContain("teacher: expected", "problems");
    }

    @Test
    void curate_tellsWhichColumnsAScoreNeeds() {
        assertThat(run("curate", "data=" + PAIRS, "min_gap=0.5").err())
                .contains("no row is left: 0 of 24 rows kept, 24 no_score; the first, at " + PAIRS
                        + ":1: no finite numbers in"
                        + " columns score_chosen and score_rejected, and no margin, which elicit writes with"
                        + " margins=true");
        assertThat(run("curate", "data=" + PAIRS, "min_score=0.5", "score_column=foo")
                        .err())
                .contains("no finite number in column foo");
    }

    private CommandRun recipe(String text) throws IOException {
        Path file = Files.writeString(
                directory.resolve("r.yaml"),
                text.replace("OUT", directory.resolve("out").toString())
                        .replace("MODEL", MODEL.toString())
                        .replace("DATA", PAIRS.toString()));
        return CommandRun.of("run", file.toString());
    }

    @Test
    void recipe_namesTheStage_ofWhatIsFoundWhenItStarts() throws IOException {
        CommandRun run = recipe("""
                output: OUT
                stages:
                  b: {command: curate, data: DATA}
                  dpo: {command: rank, model: MODEL, data: DATA, lora_r: 2, lora_target_modules: [nothing]}
                """);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("preceptor run: stages.dpo: lora_target_modules")
                .contains("run: b: rows/kept 24, rows 24;");
    }

    @ParameterizedTest
    @CsvSource({
        "repeat: 0, 'repeat: expected an integer in [1, 1000], found 0'",
        "'repeat: 2;repeat_stages: [b, c]', 'repeat_stages: expected some of a, b, found \"c\"'"
    })
    void recipe_withWrongRounds_isOneProblem(String rounds, String message) throws IOException {
        CommandRun run = recipe(rounds.replace(';', '\n') + "\n" + """
                output: OUT
                model: MODEL
                start: MODEL
                stages:
                  a: {command: elicit, model: ['previous:b'], rule: brevity, data: DATA}
                  b: {command: rank, model: previous, data: 'stage:a/preferences.jsonl'}
                """);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err()).contains(message).doesNotContain("problems");
    }

    @Test
    void tooLongPrompt_isToldWhatIsPartOfIt() throws IOException {
        Path data =
                Files.writeString(directory.resolve("long.jsonl"), "{\"prompt\": \"" + "word ".repeat(600) + "\"}\n");
        assertThat(run("elicit", "model=MODEL", "rule=brevity", "data=" + data).err())
                .contains("prompt 0 (0-based): expected 1 to 511 tokens, cot and tools included, for a context of 512");
    }
}
