package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of evaluation, dynamic sampling and shaping, from the command line to {@code metrics.jsonl}. */
class PolicyEvaluationCommandTest {
    @TempDir
    Path directory;

    private CommandRun policy(String... more) throws IOException {
        Path data = directory.resolve("prompts.jsonl");
        Files.writeString(data, "{\"prompt\": \"One\"}\n{\"prompt\": \"Two\"}\n{\"prompt\": \"Three\"}\n");
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + data,
                "rule=brevity",
                "output=" + directory.resolve("run"),
                "max_completion_length=12",
                "max_steps=2",
                "batch_size=4"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray(String[]::new));
    }

    @Test
    void policy_evaluated_hasItInMetricsAndSummary() throws IOException {
        Path heldOut = directory.resolve("heldout.jsonl");
        Files.writeString(heldOut, "{\"prompt\": \"Four\"}\n{\"prompt\": \"Five\"}\n");
        CommandRun run = policy(
                "eval_data=" + heldOut,
                "eval_steps=1",
                "num_generations_eval=3",
                "eval_pass_score=-100",
                "dynamic_sampling=true",
                "max_num_gen_batches=20",
                "overlong_buffer_len=6",
                "reward_clip_range=[-5, 0]");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> rows = CommandRun.rows(directory.resolve("run/metrics.jsonl"));
        assertThat(rows).extracting(row -> row.path("step").intValue()).containsExactly(1, 1, 2, 2);
        assertThat(rows.get(0).has("dynamic_sampling/pass_rate")).isTrue();
        assertThat(rows.get(0).has("shaping/overlong_penalty")).isTrue();
        assertThat(rows.get(1).path("eval_pass@1").doubleValue()).isEqualTo(1);
        assertThat(rows.get(1).has("eval_best@3")).isTrue();
        assertThat(run.err()).contains("policy: evaluation after step 2 eval_reward ");
        assertThat(directory.resolve("run/summary.json")).content().contains("\"eval_reward\"");
    }

    /** The prompts to learn from all fit: it is told which do not. */
    @Test
    void policy_heldOutPromptsThatDoNotFit_areToldByTheKey() throws IOException {
        Path heldOut = directory.resolve("heldout.jsonl");
        Files.writeString(heldOut, "{\"prompt\": \"" + "word ".repeat(200) + "\"}\n");
        CommandRun dropped = policy("eval_data=" + heldOut, "max_length=64");
        assertThat(dropped.code()).as(dropped.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(dropped.err())
                .contains("eval_data: no prompts to answer: all 1 are longer than 52 tokens, which is what max_length");
        CommandRun refused = policy("eval_data=" + heldOut, "max_length=64", "over_length=refuse", "resume=true");
        assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.BAD_DATA);
        assertThat(refused.err()).contains("eval_data: prompt 0 (0-based) has ");
    }

    @Test
    void policy_keysThatDoNotFit_areRefusedTogether() throws IOException {
        CommandRun run = policy("eval_steps=3", "max_num_gen_batches=3", "overlong_buffer_len=13");
        assertThat(run.code()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(run.err())
                .contains("eval_data: expected a file, required by eval_steps 3, found none")
                .contains("max_num_gen_batches: expected 10 without dynamic_sampling, found 3")
                .contains("overlong_buffer_len: expected at most max_completion_length 12, found 13");
    }
}
