package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ProjectRoot;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes for tools, documents and NLP tasks, run with a tiny model and the rows that lie beside them. */
class SkillRecipesTest {
    private static final Path CONFIGS = ProjectRoot.find().resolve("configs");

    @TempDir
    Path directory;

    private void run(String recipe, String rows, String... keys) {
        List<String> all = new ArrayList<>(List.of(
                "run",
                CONFIGS.resolve(recipe).toString(),
                "model=" + Golden.dir("tiny-chat"),
                "data=" + CONFIGS.resolve("skills/" + rows),
                "output=" + directory.resolve("out"),
                "dtype=float32",
                "threads=1",
                "max_rows=2",
                "stages.grpo.max_length=512",
                "stages.grpo.max_completion_length=8",
                "stages.grpo.max_steps=1"));
        all.addAll(List.of(keys));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void tools_runs() {
        run(
                "tools.yaml",
                "arithmetic.jsonl",
                "tools=" + CONFIGS.resolve("skills/Calculator.java"),
                "stages.eval.max_new_tokens=8");
        assertThat(directory.resolve("out/grpo/metrics.jsonl")).content().contains("\"tools/call_frequency\":0.0");
        assertThat(directory.resolve("out/grpo/plugins/Calculator.java")).exists();
        assertThat(directory.resolve("out/eval/summary.json")).exists();
    }

    @Test
    void context_runs() {
        run(
                "smollm2-context.yaml",
                "passages.jsonl",
                "stages.f1.max_new_tokens=8",
                "stages.exact_match.max_new_tokens=8");
        assertThat(directory.resolve("out/grpo/model")).isDirectory();
        assertThat(directory.resolve("out/exact_match/summary.json")).exists();
    }

    @Test
    void nlp_runs() {
        run(
                "smollm2-nlp.yaml",
                "passages.jsonl",
                "stages.sft.max_steps=1",
                "stages.sft.max_length=512",
                "stages.f1.max_new_tokens=8",
                "stages.exact_match.max_new_tokens=8");
        assertThat(directory.resolve("out/sft/model")).isDirectory();
        assertThat(directory.resolve("out/grpo/model")).isDirectory();
        assertThat(directory.resolve("out/f1/summary.json")).exists();
    }

    /** It names its threads and seed, so its numbers do not depend on the machine's speed. */
    @Test
    void processReward_tellsTheStepsOfHeldOutAnswers() throws IOException {
        Path output = directory.resolve("steps");
        CommandRun run = CommandRun.exactly(
                "run",
                CONFIGS.resolve("process-reward.yaml").toString(),
                "data=" + CONFIGS.resolve("skills/steps.jsonl"),
                "output=" + output);
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).containsPattern("reward: accuracy [0-9.]+ % on [1-9][0-9]* held-out steps");
        JsonNode whole =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        JsonNode own = new ObjectMapper()
                .readTree(output.resolve("reward/summary.json").toFile());
        assertThat(own.path("eval_accuracy").doubleValue()).isGreaterThan(0.95);
        assertThat(own.path("eval_first_error_f1").doubleValue()).isGreaterThan(0.9);
        assertThat(whole.path("stages").get(0).path("eval_steps")).isEqualTo(own.path("eval_steps"));
        assertThat(whole.path("stages").get(0).has("eval_pairs")).isFalse();
    }
}
