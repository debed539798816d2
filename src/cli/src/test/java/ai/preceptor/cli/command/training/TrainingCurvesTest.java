package ai.preceptor.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.CommandRun;
import ai.preceptor.cli.ExitCode;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands follow, step by step, the curves of TRL's trainers and of the papers' losses on the same rows. */
class TrainingCurvesTest {
    private static final JsonNode CURVES = Golden.json("trl_curves.json");

    private static final List<String> SETTINGS = List.of(
            "model=" + Golden.dir("tiny-chat"),
            "num_train_epochs=1",
            "learning_rate=1e-3",
            "lr_scheduler_type=constant",
            "shuffle=false",
            "max_length=4096",
            "save_steps=0");

    @TempDir
    Path directory;

    /** Every curve of TRL's preference trainers there is, by the settings that stand beside it. */
    static Stream<String> preferenceCurves() {
        List<String> names = new ArrayList<>();
        CURVES.fieldNames().forEachRemaining(names::add);
        return names.stream().filter(name -> name.matches("(dpo|kto|cpo|orpo)/.*"));
    }

    @ParameterizedTest
    @MethodSource("preferenceCurves")
    void rank_followsTrl(String curve) throws IOException {
        JsonNode expected = CURVES.path(curve);
        List<String> settings =
                new ArrayList<>(List.of("data=" + Golden.file("pairs.jsonl"), "max_rows=20", "batch_size=4"));
        expected.path("config").fields().forEachRemaining(key -> settings.add(key.getKey() + "=" + written(key)));
        String trainer = curve.substring(0, curve.indexOf('/'));
        if (!trainer.equals("dpo")) { // two of its trainers have the same names for their losses, two have none
            settings.removeIf(setting -> setting.startsWith("loss_type="));
            settings.add("loss_type=" + curve.substring(curve.indexOf('/') + 1));
        }
        follows(train("rank", settings.toArray(String[]::new)), expected);
    }

    /** What the golden curves leave out: CPO's other forms, smoothed and imitating SimPO, AlphaPO, ORPO of other weights. */
    static Stream<String> referenceFreeCurves() throws IOException {
        List<String> names = new ArrayList<>();
        moreCurves().fieldNames().forEachRemaining(names::add);
        return names.stream().filter(name -> name.matches("(cpo|orpo)/.*"));
    }

    private static JsonNode moreCurves() throws IOException {
        return new ObjectMapper().readTree(TrainingCurvesTest.class.getResource("trl_more_curves.json"));
    }

    @ParameterizedTest
    @MethodSource("referenceFreeCurves")
    void rank_withoutReference_followsTrl(String curve) throws IOException {
        JsonNode expected = moreCurves().path(curve);
        List<String> settings =
                new ArrayList<>(List.of("data=" + Golden.file("pairs.jsonl"), "max_rows=20", "batch_size=4"));
        expected.path("config").fields().forEachRemaining(key -> settings.add(key.getKey() + "=" + written(key)));
        settings.removeIf(setting -> setting.startsWith("loss_type="));
        String type = expected.path("config").path("loss_type").asText("orpo");
        settings.add("loss_type="
                + Map.of("sigmoid", "cpo", "hinge", "cpo_hinge", "ipo", "cpo_ipo")
                        .getOrDefault(type, type));
        follows(train("rank", settings.toArray(String[]::new)), expected);
    }

    private static String written(Map.Entry<String, JsonNode> key) {
        return key.getValue().isTextual()
                ? key.getValue().asText()
                : key.getValue().toString().replace("\"", "");
    }

    @Test
    void rank_precomputedReference_followsTrlToo() throws IOException {
        List<JsonNode> steps = train(
                "rank",
                "data=" + Golden.file("pairs.jsonl"),
                "max_rows=20",
                "batch_size=4",
                "precompute_ref_log_probs=true",
                "reference_cache=" + directory.resolve("cache"));
        follows(steps, CURVES.path("dpo/sigmoid"));
    }

    /** The margins of that curve: 0, 0.1, 0.2, 0.3, again and again. */
    @ParameterizedTest
    @CsvSource({"bradley_terry, 0", "center_0.01, 0.01", "margin, 0"})
    void reward_followsTrl(String name, String centring) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl").subList(0, 20)) {
            ObjectNode row = pair.deepCopy();
            rows.add((name.equals("margin") ? row.put("margin", rows.size() % 4 / 10.0) : row).toString());
        }
        Path data = Files.write(directory.resolve("pairs.jsonl"), rows);
        List<JsonNode> steps =
                train("reward", "data=" + data, "batch_size=4", "center_rewards_coefficient=" + centring);
        follows(steps, CURVES.path("reward/" + name));
        assertThat(directory.resolve("run/model/config.json")).content().contains("LlamaForSequenceClassification");
    }

    @ParameterizedTest
    @CsvSource({"nll, trl_curves.json, sft/completion_only", "dft, trl_more_curves.json, sft/dft"})
    void sft_chosenAnswers_followTrl(String lossType, String file, String curve) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl").subList(0, 20)) {
            ObjectNode row = new ObjectMapper().createObjectNode();
            row.set("prompt", pair.get("prompt"));
            row.set("completion", pair.get("chosen"));
            rows.add(row.toString());
        }
        Path data = Files.write(directory.resolve("sft.jsonl"), rows);
        List<JsonNode> steps = train("sft", "data=" + data, "batch_size=4", "loss_type=" + lossType);
        List<String> names = List.of("loss", "grad_norm", "entropy", "mean_token_accuracy");
        JsonNode expected = file.equals("trl_curves.json") ? CURVES : moreCurves();
        follows(steps, expected.path(curve), names);
    }

    /** Whole distributions against TRL's experimental GKD trainer, without the student's own answers. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0.5", "1.0"})
    void distill_jsd_followsTrlsGkd(String beta) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode pair : Golden.lines("pairs.jsonl").subList(0, 20)) {
            ObjectNode row = new ObjectMapper().createObjectNode();
            row.putArray("messages").addAll((ArrayNode) pair.get("prompt")).addAll((ArrayNode) pair.get("chosen"));
            rows.add(row.toString());
        }
        Path data = Files.write(directory.resolve("talks.jsonl"), rows);
        String teacher = "teacher=" + Golden.dir("tiny-teacher");
        List<JsonNode> steps = train("distill", teacher, "data=" + data, "batch_size=4", "beta=" + beta);
        JsonNode curves = new ObjectMapper().readTree(getClass().getResource("gkd_curves.json"));
        assertThat(steps).hasSize(5);
        for (int i = 0; i < steps.size(); i++) {
            JsonNode peer = curves.path("beta" + beta).path("steps").path(i);
            for (String metric : List.of("loss", "grad_norm")) {
                double golden = peer.path(metric).doubleValue();
                assertThat(steps.get(i).path(metric).doubleValue())
                        .as("step %d, %s", i + 1, metric)
                        .isCloseTo(golden, within(1e-4 * golden));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rrhf_sft_sum, rrhf, sft_reduction=sum",
        "rrhf_sft_mean, rrhf, sft_reduction=mean",
        "pro_none, pro, pro_temperature=none"
    })
    void rank_rankedGroups_followThePapers(String curve, String lossType, String setting) throws IOException {
        JsonNode expected = Golden.json("rank_curves.json").path(curve);
        List<String> more = new ArrayList<>(
                List.of("data=" + Golden.file("ranked.jsonl"), "batch_size=2", "loss_type=" + lossType, setting));
        if (expected.path("config").has("sft_weight")) {
            more.add("sft_weight=" + expected.path("config").path("sft_weight").asDouble());
        }
        follows(train("rank", more.toArray(String[]::new)), expected);
    }

    /** Losses and metrics as the golden notes promise: the first step to 1e-4, later ones to 1e-3 relative. */
    private static void follows(List<JsonNode> steps, JsonNode curve) {
        List<String> all = new ArrayList<>();
        curve.path("steps").path(0).fieldNames().forEachRemaining(all::add);
        follows(steps, curve, all);
    }

    private static void follows(List<JsonNode> steps, JsonNode curve, List<String> metrics) {
        assertThat(steps).hasSameSizeAs(curve.path("steps"));
        for (int i = 0; i < steps.size(); i++) {
            JsonNode expected = curve.path("steps").path(i);
            for (String metric : metrics) {
                double golden = expected.path(metric).doubleValue();
                double tolerance = Math.max(1e-3 * Math.abs(golden), 2e-3);
                assertThat(steps.get(i).path(metric).doubleValue())
                        .as("step %d, %s", i + 1, metric)
                        .isCloseTo(golden, within(tolerance));
            }
        }
    }

    private List<JsonNode> train(String command, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(command, "output=" + directory.resolve("run")));
        all.addAll(SETTINGS);
        all.addAll(Arrays.asList(more));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.DONE);
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("run/metrics.jsonl"))) {
            steps.add(new ObjectMapper().readTree(line));
        }
        return steps;
    }
}
