package ai.preceptor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ProjectRoot;
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
}
