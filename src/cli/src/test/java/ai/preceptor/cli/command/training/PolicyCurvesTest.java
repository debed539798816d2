package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code policy} on recorded answers follows, step by step, TRL's GRPO and RLOO trainers on the same answers. */
class PolicyCurvesTest {
    private static final JsonNode CURVES = Golden.json("policy_curves.json");

    @TempDir
    Path directory;

    static Stream<String> curves() {
        List<String> names = new ArrayList<>();
        CURVES.fieldNames().forEachRemaining(names::add);
        return names.stream().filter(name -> name.contains("/"));
    }

    /** In one micro-batch, as TRL ran. */
    @ParameterizedTest
    @MethodSource("curves")
    void policy_recordedAnswers_followsTrl(String curve) throws IOException {
        follow(curve, "batch_size=8");
    }

    /** A step does not depend on its split, but for TRL's own bnpo. */
    @ParameterizedTest
    @MethodSource("curves")
    void policy_accumulated_followsTrlToo(String curve) throws IOException {
        follow(curve, "batch_size=2", "gradient_accumulation_steps=4");
    }

    /** Those in which no answer or token is on the edge of being left out as a whole. */
    static Stream<String> smoothCurves() {
        return curves().filter(name -> !name.matches("rloo/two_iterations|grpo/entropy_quantile"));
    }

    /** In bfloat16 within 2 %, or 0.002: its products have 8 bits. */
    @ParameterizedTest
    @MethodSource("smoothCurves")
    void policy_bfloat16_followsTrlWithinTwoPercent(String curve) throws IOException {
        JsonNode expected = CURVES.path(curve);
        List<JsonNode> steps = train(curve, expected.path("config"), "batch_size=8", "dtype=bfloat16");
        for (int i = 0; i < steps.size(); i++) {
            for (String name : List.of("loss", "grad_norm")) {
                double value = expected.path("steps").path(i).path(name).doubleValue();
                assertThat(steps.get(i).path(name).asDouble(Double.NaN))
                        .as("step %d, %s", i + 1, name)
                        .isCloseTo(value, within(Math.max(0.02 * Math.abs(value), 2e-3)));
            }
        }
    }

    private void follow(String curve, String... split) throws IOException {
        JsonNode expected = CURVES.path(curve);
        List<JsonNode> steps = train(curve, expected.path("config"), split);
        assertThat(steps).hasSameSizeAs(expected.path("steps")).isNotEmpty();
        int iterations = expected.path("config").path("num_iterations").asInt(1);
        for (int i = 0; i < steps.size(); i++) {
            JsonNode ours = steps.get(i);
            for (Map.Entry<String, JsonNode> golden :
                    expected.path("steps").path(i).properties()) {
                String name = golden.getKey();
                boolean everyStep = name.matches("loss|grad_norm|kl|clip_ratio/.*");
                if (everyStep || i % iterations == 0) { // the others are of a batch, told once
                    double value = golden.getValue().doubleValue();
                    assertThat(ours.path(name).asDouble(Double.NaN))
                            .as("step %d, %s", i + 1, name)
                            .isCloseTo(value, within(Math.max(1e-3 * Math.abs(value), 2e-5)));
                }
            }
        }
        new ProbeLogits(directory).assertThose(directory.resolve("run/model"), expected);
    }

    private List<JsonNode> train(String curve, JsonNode config, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "policy",
                "model=" + Golden.dir("tiny-chat"),
                "rollouts=" + Golden.file("policy_rollouts.jsonl"),
                "output=" + directory.resolve("run"),
                "algorithm=" + curve.substring(0, curve.indexOf('/')),
                "max_completion_length=24",
                "learning_rate=1e-3",
                "lr_scheduler_type=constant",
                "num_train_epochs=1",
                "shuffle=false",
                "save_steps=0"));
        words.addAll(List.of(more));
        if (!config.has("vllm_importance_sampling_mode")) {
            words.add("importance_sampling_mode=none");
        }
        config.properties().forEach(key -> setting(key.getKey(), key.getValue(), words));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        return CommandRun.rows(directory.resolve("run/metrics.jsonl"));
    }

    /** TRL's key in our words. */
    private static void setting(String key, JsonNode value, List<String> words) {
        switch (key) {
            case "vllm_importance_sampling_mode" -> words.add("importance_sampling_mode=" + value.asText());
            case "vllm_importance_sampling_correction" -> {}
            default -> words.add(key + "=" + (value.isTextual() ? value.asText() : value.toString()));
        }
    }
}
