package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rollout_dtype}: steps of sampling that Java computes. */
@Tag("steps-in-java")
class RolloutDtypeCommandTest {
    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private Path prompts() throws IOException {
        return Files.writeString(
                directory.resolve("prompts.jsonl"),
                "{\"prompt\": \"One\"}\n{\"prompt\": \"Two\"}\n{\"prompt\": \"Three\"}\n");
    }

    private List<JsonNode> generate(String name, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "generate",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + prompts(),
                "output=" + directory.resolve(name),
                "temperature=0",
                "max_new_tokens=12"));
        words.addAll(List.of(more));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(directory.resolve(name));
    }

    @Test
    void generate_float32_givesTheSameTokens() throws IOException {
        List<JsonNode> tensors = generate("tensors.jsonl");
        List<JsonNode> java = generate("java.jsonl", "rollout_dtype=float32");
        for (int i = 0; i < tensors.size(); i++) {
            JsonNode expected = tensors.get(i).path("completions").path(0);
            JsonNode given = java.get(i).path("completions").path(0);
            assertThat(given.path("token_ids")).isEqualTo(expected.path("token_ids"));
            for (int t = 0; t < expected.path("logprobs").size(); t++) {
                assertThat(given.path("logprobs").path(t).doubleValue())
                        .isCloseTo(expected.path("logprobs").path(t).doubleValue(), within(1e-4));
            }
        }
    }

    private CommandRun policy(String name, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "data=" + prompts(),
                "rule=brevity",
                "output=" + directory.resolve(name),
                "max_completion_length=12",
                "save_steps=2",
                "learning_rate=1e-3",
                "batch_size=4"));
        words.addAll(List.of(more));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    /** Rounded weights are another sampler than the learner, which is corrected for; exact ones are the learner's own. */
    @ParameterizedTest
    @CsvSource({"float32, false", "bfloat16, true", "int8, true"})
    void policy_roundedWeights_areCorrectedFor(String type, boolean corrected) throws IOException {
        policy("run", "max_steps=2", "rollout_dtype=" + type);
        JsonNode last = CommandRun.rows(directory.resolve("run/metrics.jsonl")).get(1);
        assertThat(last.has("sampling/importance_sampling_ratio/mean")).isEqualTo(corrected);
        if (corrected) {
            assertThat(last.path("sampling/importance_sampling_ratio/mean").doubleValue())
                    .isCloseTo(1, within(0.1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "int8"})
    void policy_resumed_endsWithTheSameWeights(String type) throws IOException {
        String key = "rollout_dtype=" + type;
        policy("whole", key, "max_steps=4", "lr_scheduler_type=constant");
        policy("halves", key, "max_steps=2", "lr_scheduler_type=constant");
        policy("halves", key, "max_steps=4", "lr_scheduler_type=constant", "resume=true");
        assertThat(directory.resolve("halves/model/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("whole/model/model.safetensors"));
    }
}
