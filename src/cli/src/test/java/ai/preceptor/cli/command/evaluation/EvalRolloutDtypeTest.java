package ai.preceptor.cli.command.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.StepsInJava;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rollout_dtype} of {@code eval}: of the students whose answers are measured, and the baseline. */
@Tag("steps-in-java")
class EvalRolloutDtypeTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");

    @TempDir
    Path directory;

    @BeforeEach
    void requireStepsInJava() {
        StepsInJava.assumePossible();
    }

    private CommandRun eval(String output, String... more) throws IOException {
        Path prompts = Files.writeString(
                directory.resolve("prompts.jsonl"),
                "{\"prompt\": \"One\"}\n{\"prompt\": \"Two\"}\n{\"prompt\": \"Three\"}\n");
        List<String> words = new ArrayList<>(List.of(
                "eval",
                "model=" + STUDENT,
                "baseline=" + STUDENT,
                "data=" + prompts,
                "rule=distinct_words",
                "output=" + directory.resolve(output)));
        words.addAll(Arrays.asList(more));
        if (words.stream().noneMatch(word -> word.startsWith("max_new_tokens="))) {
            words.add("max_new_tokens=8");
        }
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return run;
    }

    private JsonNode summary(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve(output).resolve("summary.json").toFile());
    }

    private List<JsonNode> answers(String output) throws IOException {
        return CommandRun.rows(directory.resolve(output).resolve("samples.jsonl"));
    }

    @Test
    void float32_greedy_measuresTheSameAnswers() throws IOException {
        eval("tensors", "temperature=0", "max_new_tokens=24");
        eval("java", "temperature=0", "max_new_tokens=24", "rollout_dtype=float32");
        assertThat(answers("java")).isEqualTo(answers("tensors"));
        assertThat(summary("java").path("rule_score"))
                .isEqualTo(summary("tensors").path("rule_score"));
    }

    /** Answers of a rounded model tell nothing unbiased of the divergence of the exact one. */
    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "int8"})
    void roundedWeights_leaveTheDivergenceOut(String type) throws IOException {
        CommandRun rounded = eval("rounded", "rollout_dtype=" + type);
        assertThat(rounded.err())
                .contains("eval: KL is left out; it needs answers of the model itself, not of one whose weights"
                        + " rollout_dtype rounds");
        assertThat(summary("rounded").path("kl_to_reference").isNull()).isTrue();
        for (JsonNode method : summary("rounded").path("methods")) {
            assertThat(method.path("kl_to_reference").isNull()).isTrue();
            assertThat(method.path("rule_score").doubleValue()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void int8_answersAsTheRoundedModelDoes() throws IOException {
        eval("exact", "max_new_tokens=48");
        eval("rounded", "max_new_tokens=48", "rollout_dtype=int8");
        assertThat(answers("rounded")).isNotEqualTo(answers("exact"));
    }

    @Test
    void exactWeights_orTheModelsOwnRounding_keepTheDivergence() throws IOException {
        for (String keys : List.of("rollout_dtype=float32", "dtype=bfloat16 rollout_dtype=bfloat16")) {
            CommandRun run = eval(keys, keys.split(" "));
            assertThat(run.err()).doesNotContain("KL is left out");
            assertThat(summary(keys).path("kl_to_reference").doubleValue()).isZero();
        }
    }

    @Test
    void resumed_withAnotherRolloutDtype_measuresAnew() throws IOException {
        eval("run", "rollout_dtype=int8");
        assertThat(eval("run", "rollout_dtype=int8", "resume=true").err()).doesNotContain("prompts answered");
        assertThat(eval("run", "resume=true").err()).contains("start: 100% 3/3", "tiny-chat: 100% 3/3");
        assertThat(eval("run", "rollout_dtype=int8", "resume=true").err()).doesNotContain("prompts answered");
    }

    /** A file of measures from before there was the key has keys without it. */
    @Test
    void measuredWithoutTheKey_hasKeysWithoutIt() throws IOException {
        eval("run");
        eval("run", "rollout_dtype=float32", "resume=true");
        List<JsonNode> rows = CommandRun.rows(directory.resolve("run/measured.jsonl"));
        assertThat(rows.get(0).path("keys").asText()).doesNotContain("rollout_dtype");
        assertThat(rows.get(2).path("keys").asText()).contains("rollout_dtype=float32");
    }

    @Test
    void auto_isChosenOnce_andKeepsTheDivergence() throws IOException {
        CommandRun run = eval("run", "rollout_dtype=auto");
        assertThat(run.err()).containsOnlyOnce("rollout_dtype: ").doesNotContain("KL is left out");
        String chosen = summary("run").at("/rollout/rollout_dtype").textValue();
        CommandRun resumed = eval("run", "rollout_dtype=auto", "resume=true");
        assertThat(resumed.err()).contains("rollout_dtype: " + chosen + ", as the run began\n");
        assertThat(resumed.err()).doesNotContain("prompts answered");
        eval("chosen", chosen.equals("none") ? "seed=42" : "rollout_dtype=" + chosen);
        assertThat(answers("run")).isEqualTo(answers("chosen"));
    }
}
