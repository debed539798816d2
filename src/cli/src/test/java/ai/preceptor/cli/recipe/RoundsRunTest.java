package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.ProgramProcess;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe with rounds on a model of a few thousand weights: what each round works on, the table, and going on. */
class RoundsRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path recipe;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        String rows = IntStream.range(0, 24)
                .mapToObj("{\"prompt\": [{\"role\": \"user\", \"content\": \"Say number %d\"}]}"::formatted)
                .collect(Collectors.joining("\n"));
        Path prompts = Files.writeString(directory.resolve("prompts.jsonl"), rows);
        Path model = Golden.dir("tiny-chat");
        recipe = Files.writeString(directory.resolve("tiny.yaml"), """
                model: '%s'
                start: recipe:model
                repeat: 2
                seed: 3
                threads: 1
                save_steps: 2
                max_new_tokens: 8
                data: '%s'
                stages:
                  sample: {command: elicit, model: previous:dpo, teacher: base, num_generations: 4}
                  dpo:
                    command: rank
                    model: previous:dpo
                    ref_model: previous
                    data: stage:sample/ranked.jsonl
                    learning_rate: 1e-3
                    lr_scheduler_type: constant
                    batch_size: 4
                    max_steps: 6
                  judge: {command: eval, model: ['stage:dpo'], baseline: base, teacher: base, rule: distinct_words}
                """.formatted(model, prompts));
        output = directory.resolve("out");
    }

    @Test
    void run_rounds_endWithOneTableByRound() throws IOException {
        CommandRun run = run();
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .containsOnlyOnce("method ")
                .containsPattern("(?m)^start +- +- +")
                .containsPattern("(?m)^round-1/dpo +[0-9.]+ % +[0-9.]+ to [0-9.]+ +")
                .containsPattern("(?m)^round-2/dpo +[0-9.]+ % +[0-9.]+ to [0-9.]+ +")
                .containsOnlyOnce("Say number 0");
        assertThat(run.err()).contains("[2/6] round-1/dpo: rank", "[5/6] round-2/dpo: rank");
        JsonNode rounds = summary(output).path("rounds");
        assertThat(rounds).extracting(round -> round.path("round").intValue()).containsExactly(1, 2);
        assertThat(rounds).allSatisfy(round -> {
            assertThat(round.path("method").asText()).isEqualTo("dpo");
            assertThat(round.path("win_rate_low").doubleValue())
                    .isLessThanOrEqualTo(round.path("win_rate").doubleValue());
            assertThat(round.path("kl_to_reference").doubleValue()).isNotZero();
        });
        assertThat(output.resolve("report.html"))
                .content()
                .contains(
                        "Rounds",
                        "Win rate by round",
                        "KL by round",
                        "Rule score by round",
                        "class=\"whisker\"",
                        "round-2");
        List<JsonNode> first = CommandRun.rows(output.resolve("round-1/sample/ranked.jsonl"));
        assertThat(CommandRun.rows(output.resolve("round-2/sample/ranked.jsonl")))
                .as("answers of another model, drawn with another seed")
                .isNotEqualTo(first);
        another(run);
    }

    /** In the same test, because a whole run takes its seconds. */
    private void another(CommandRun two) throws IOException {
        JsonNode before = summary(output).path("rounds");
        Path stages = output.resolve("stages.jsonl");
        String noted = Files.readString(stages);
        assertThat(noted).contains("\"data_shards\":\"1\",");
        Files.writeString(stages, noted.replace("\"data_shards\":\"1\",", "")); // as a version without the key wrote it
        CommandRun three = run("repeat=3", "resume=true");
        assertThat(three.code()).as(three.err()).isEqualTo(ExitCode.DONE);
        assertThat(three.err())
                .contains("[5/9] round-2/dpo: was finished before", "[8/9] round-3/dpo: rank")
                .doesNotContain("round-2/dpo: writing");
        JsonNode after = summary(output).path("rounds");
        assertThat(after).hasSize(3);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(1)).isEqualTo(before.get(1));
        assertThat(three.out())
                .contains(two.out()
                        .lines()
                        .filter(line -> line.startsWith("round-2/dpo "))
                        .findFirst()
                        .orElseThrow());

        CommandRun other = run("repeat=3", "resume=true", "stages.dpo.beta=0.3");
        assertThat(other.err()).contains("resume: stage round-1/dpo in ", "beta: was 0.1, is 0.3");
    }

    @Test
    void run_killedInTheSecondRound_endsLikeOneThatWasNot() throws Exception {
        String longer = "stages.dpo.max_steps=40"; // it must not end before it is killed
        assertThat(run(longer).code()).isEqualTo(ExitCode.DONE);
        Path whole = output;
        output = directory.resolve("killed");
        ProgramProcess process = ProgramProcess.start(
                directory.resolve("log"),
                List.of(),
                List.of("run", recipe.toString(), "device=cpu", "output=" + output, longer));
        process.await(output.resolve("round-2/dpo/checkpoints/step-2"));
        process.process().destroyForcibly();
        process.end();
        assertThat(output.resolve("report.html")).doesNotExist();
        CommandRun resumed = run("resume=true", longer);
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.DONE);
        assertThat(resumed.err())
                .contains("[2/6] round-1/dpo: was finished before", "[4/6] round-2/sample: was finished before")
                .contains("round-2/dpo: writing");
        for (String file : List.of(
                "round-1/dpo/model/model.safetensors",
                "round-2/sample/ranked.jsonl",
                "round-2/dpo/model/model.safetensors",
                "round-2/judge/samples.jsonl")) {
            assertThat(output.resolve(file)).as(file).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(withoutSeconds(summary(output).path("rounds")))
                .isEqualTo(withoutSeconds(summary(whole).path("rounds")));
    }

    /** What is measured after the rounds, of the first and the last one, is measured of the new last one. */
    @Test
    void run_moreRounds_areMeasuredAfterThem() throws IOException {
        Files.writeString(
                recipe,
                Files.readString(recipe)
                        .replace("repeat: 2", "repeat: 2\nrepeat_stages: [sample, dpo]")
                        .replace("['stage:dpo']", "['stage:round-1/dpo', 'stage:dpo']")
                        .replace("max_steps: 6", "max_steps: 2"));
        CommandRun two = run();
        assertThat(two.code()).as(two.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> before = methods();
        assertThat(before)
                .extracting(row -> row.path("method").asText())
                .containsExactly("start", "round-1/dpo", "round-2/dpo");
        CommandRun three = run("repeat=3", "resume=true");
        assertThat(three.code()).as(three.err()).isEqualTo(ExitCode.DONE);
        assertThat(three.err())
                .contains("[4/7] round-2/dpo: was finished before", "[7/7] judge: eval", "round-3/dpo: 100%")
                .doesNotContain("round-1/dpo: 100%");
        List<JsonNode> after = methods();
        assertThat(after)
                .extracting(row -> row.path("method").asText())
                .containsExactly("start", "round-1/dpo", "round-3/dpo");
        assertThat(after.subList(0, 2)).isEqualTo(before.subList(0, 2));
        assertThat(summary(output).path("rounds"))
                .extracting(row -> row.path("round").intValue())
                .containsExactly(1, 3);
        CommandRun other = run("repeat=3", "resume=true", "stages.judge.rule=brevity");
        assertThat(other.err()).contains("resume: stage judge in ", "rule: was distinct_words, is brevity");
    }

    private List<JsonNode> methods() throws IOException {
        List<JsonNode> methods = new ArrayList<>();
        summary(output.resolve("judge")).path("methods").forEach(methods::add);
        return methods;
    }

    private static JsonNode withoutSeconds(JsonNode rounds) {
        rounds.forEach(round -> ((ObjectNode) round).remove("seconds"));
        return rounds;
    }

    private CommandRun run(String... more) {
        List<String> all = new ArrayList<>(List.of("run", recipe.toString(), "output=" + output));
        all.addAll(Arrays.asList(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static JsonNode summary(Path run) throws IOException {
        return JSON.readTree(run.resolve("summary.json").toFile());
    }
}
