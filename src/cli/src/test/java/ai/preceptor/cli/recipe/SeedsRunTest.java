package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe by two seeds on a model of a few thousand weights, and a third seed later. */
class SeedsRunTest {
    @TempDir
    Path directory;

    @Test
    void run_seeds_endWithOneTableOfMeansAndGoOnWithMore() throws IOException {
        Path recipe = write();
        CommandRun two = run(recipe);
        assertThat(two.code()).as(two.err()).isEqualTo(ExitCode.DONE);
        assertThat(two.err()).contains("[1/5] warm: sft", "[2/5] seed-1/tune: sft", "[4/5] seed-2/tune: sft");
        assertThat(two.out())
                .containsOnlyOnce("method ")
                .containsPattern("(?m)^tune +2 +.* [0-9.]+ ± [0-9.]+")
                .containsOnlyOnce("Say number 0");
        assertThat(summary().path("methods"))
                .extracting(row -> row.path("method").asText() + row.path("seed"))
                .containsExactly("start1", "tune1", "start2", "tune2");
        meanIsThatOfTheSeeds(2);
        assertThat(out().resolve("report.html"))
                .content()
                .contains("Results over seeds", "sample standard deviation", "class=\"band\"");

        CommandRun three = run(recipe, "seeds=[1,2,3]", "resume=true");
        assertThat(three.code()).as(three.err()).isEqualTo(ExitCode.DONE);
        assertThat(three.err())
                .contains("[1/7] warm: was finished before", "[4/7] seed-2/tune: was finished before")
                .contains("[6/7] seed-3/tune: sft")
                .doesNotContain("seed-2/tune: writing");
        meanIsThatOfTheSeeds(3);

        CommandRun compared = CommandRun.exactly("compare", out().toString(), "metrics=[loss]");
        assertThat(compared.out())
                .contains("sft: 4 runs, 2 without their seeds", "eval: 3 runs, 1 without their seeds")
                .containsPattern("(?m)^loss +tune .* 3 +4 ")
                .containsPattern("(?m)^tune +eval +3 ");
    }

    /** Sample standard deviation, and a mean, as a person would work them out. */
    private void meanIsThatOfTheSeeds(int seeds) throws IOException {
        List<Double> scores = new ArrayList<>();
        summary().path("methods").forEach(row -> {
            if (row.path("method").asText().equals("tune")) {
                scores.add(row.path("rule_score").doubleValue());
            }
        });
        assertThat(scores).hasSize(seeds);
        double mean = scores.stream().mapToDouble(Double::doubleValue).sum() / seeds;
        double squares =
                scores.stream().mapToDouble(score -> Math.pow(score - mean, 2)).sum();
        JsonNode row = summary().path("seeds").get(1);
        assertThat(row.path("method").asText()).isEqualTo("tune");
        assertThat(row.path("n").intValue()).isEqualTo(seeds);
        assertThat(row.path("rule_score_mean").doubleValue()).isEqualTo(mean, within(1e-9));
        assertThat(row.path("rule_score_std").doubleValue()).isEqualTo(Math.sqrt(squares / (seeds - 1)), within(1e-9));
        assertThat(row.path("win_rate_mean").isNull()).isTrue();
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(out().resolve("summary.json").toFile());
    }

    private Path out() {
        return directory.resolve("out");
    }

    private CommandRun run(Path recipe, String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", recipe.toString(), "output=" + out()));
        all.addAll(List.of(arguments));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private Path write() throws IOException {
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                IntStream.range(0, 12).mapToObj("""
                                {"prompt": [{"role": "user", "content": "Say number %d"}], "completion": "It is one."}"""::formatted).collect(Collectors.joining("\n")));
        return Files.writeString(directory.resolve("tiny.yaml"), """
                model: '%s'
                seed: 3
                seeds: [1, 2]
                seeds_from: tune
                threads: 1
                save_steps: 0
                data: '%s'
                batch_size: 4
                learning_rate: 1e-2
                lr_scheduler_type: constant
                stages:
                  warm: {command: sft, max_steps: 2}
                  tune: {command: sft, model: 'stage:warm', max_steps: 4}
                  eval: {command: eval, model: ['stage:tune'], baseline: recipe:model, rule: distinct_words, max_new_tokens: 8}
                """.formatted(Golden.dir("tiny-chat"), rows));
    }
}
