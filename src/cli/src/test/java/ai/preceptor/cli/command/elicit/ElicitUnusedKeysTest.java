package ai.preceptor.cli.command.elicit;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key of {@code elicit} that would have no effect is refused, by its name and with what it has an effect with. */
class ElicitUnusedKeysTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final String SCORED = "kind=preferences and chosen=score";

    @TempDir
    private Path directory;

    private Path data;

    @BeforeEach
    void writeRow() throws IOException {
        data = Files.writeString(directory.resolve("rows.jsonl"), "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
    }

    private CommandRun elicit(String... keys) {
        List<String> arguments = new ArrayList<>(List.of("elicit", "output=" + directory.resolve("run")));
        arguments.addAll(Arrays.asList(keys));
        arguments.replaceAll(key -> key.replace("MODEL", MODEL.toString()).replace("FILE", data.toString()));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        return run;
    }

    private static void requireRefused(CommandRun run, String needed, String... keys) {
        for (String key : keys) {
            assertThat(run.err()).contains(key + ": expected nothing without " + needed + ", found ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "teacher_mode=score",
        "teacher_template=TEMPLATE",
        "teacher_principles=FILE",
        "teacher_votes=3",
        "teacher_temperature=0.5",
        "teacher_mode=probability probability_clamp=0.1 teacher_labels=[yes;no]",
        "pairs=all_pairs",
        "min_gap=1",
        "margins=true",
        "probability_temperature=2"
    })
    void keysOfScoring_needSomebodyWhoScores(String written) throws IOException {
        Path template = Files.writeString(directory.resolve("judge.txt"), "=== user\n{{prompt}} {{answer}}\n");
        String[] keys = written.replace(';', ',')
                .replace("TEMPLATE", template.toString())
                .split(" ", -1);
        String[] names =
                Arrays.stream(keys).map(key -> key.replaceAll("=.*", "")).toArray(String[]::new);
        for (String kind : List.of("demonstrations", "corrections", "prompts")) {
            requireRefused(elicit(with(keys, "kind=" + kind, "teacher=MODEL", "data=FILE")), SCORED, names);
        }
        requireRefused(elicit(with(keys, "chosen=row", "model=MODEL", "data=FILE")), SCORED, names);
    }

    private static String[] with(String[] keys, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(keys));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    @Test
    void tokensOfReplies_areOfCorrectionsToo() {
        requireRefused(
                elicit("kind=demonstrations", "teacher=MODEL", "data=FILE", "teacher_max_tokens=9"),
                SCORED,
                "teacher_max_tokens");
        assertThat(elicit("kind=corrections", "teacher=MODEL", "data=FILE", "teacher_max_tokens=9", "cot=true")
                        .err())
                .doesNotContain("teacher_max_tokens");
    }

    @Test
    void studentsKeys_needAStudent() {
        for (String kind : List.of("demonstrations", "prompts")) {
            requireRefused(
                    elicit(
                            "kind=" + kind,
                            "teacher=MODEL",
                            "data=FILE",
                            "num_prompts=1",
                            "model=MODEL",
                            "adapter=MODEL"),
                    "kind=preferences or kind=corrections",
                    "model");
        }
        CommandRun corrections = elicit(
                "kind=corrections",
                "teacher=MODEL",
                "data=FILE",
                "temperature=0.5",
                "top_p=0.5",
                "top_k=3",
                "max_new_tokens=5",
                "num_generations=2");
        requireRefused(corrections, "a model that answers", "top_p", "top_k", "max_new_tokens");
        requireRefused(
                corrections,
                "kind=preferences, kind=demonstrations, or kind=corrections with a model that answers",
                "num_generations");
        assertThat(corrections.err()).doesNotContain("temperature: expected");
        requireRefused(
                elicit("kind=prompts", "teacher=MODEL", "data=FILE", "num_prompts=1", "num_generations=2"),
                "kind=preferences, kind=demonstrations, or kind=corrections with a model that answers",
                "num_generations");
    }

    @Test
    void keysOfOtherKinds_areRefused() {
        CommandRun run = elicit(
                "model=MODEL",
                "rule=brevity",
                "data=FILE",
                "method=evolve",
                "rounds=2",
                "min_prompt_words=3",
                "revisions=2",
                "cot=true",
                "num_demos=1");
        requireRefused(run, "kind=prompts", "method", "rounds", "min_prompt_words");
        requireRefused(run, "kind=corrections", "revisions");
        requireRefused(run, "kind=demonstrations", "cot");
        requireRefused(
                elicit("kind=demonstrations", "teacher=MODEL", "data=FILE", "num_demos=1"), "demos", "num_demos");
    }

    @Test
    void keysOfOtherMethods_areRefused() {
        CommandRun evolve = elicit(
                "kind=prompts",
                "method=evolve",
                "teacher=MODEL",
                "data=FILE",
                "num_examples=4",
                "generated_examples=1",
                "prompts_per_question=2",
                "magpie_system_prompt=Birds.");
        requireRefused(evolve, "method=self_instruct", "num_examples", "generated_examples", "prompts_per_question");
        requireRefused(evolve, "method=magpie", "magpie_system_prompt");
        CommandRun magpie = elicit(
                "kind=prompts",
                "method=magpie",
                "teacher=MODEL",
                "num_prompts=1",
                "rounds=2",
                "operations=[deepen]",
                "check_evolved=false",
                "copied_words=[a]",
                "prompt_templates=" + directory,
                "max_rows=1");
        requireRefused(magpie, "method=evolve", "rounds", "operations", "check_evolved", "copied_words");
        requireRefused(magpie, "a method that asks in words", "prompt_templates");
        requireRefused(magpie, "data", "max_rows");
    }

    @Test
    void badTemplate_isNamedByItsOwnKey() throws IOException {
        Path good =
                Files.writeString(directory.resolve("critique.txt"), "=== user\n{{prompt}} {{answer}} {{principle}}\n");
        CommandRun run = elicit(
                "kind=corrections",
                "teacher=MODEL",
                "data=FILE",
                "critique_template=" + good,
                "revision_template=FILE");
        assertThat(run.err()).contains("revision_template: ").doesNotContain("critique_template: ");
    }
}
