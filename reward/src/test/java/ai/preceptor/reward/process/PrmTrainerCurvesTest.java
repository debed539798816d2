package ai.preceptor.reward.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.tiny.TinyChat;
import ai.preceptor.train.tiny.TrlCurve;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TRL 1.13.0's PRMTrainer on a few rows: tokens, curves, and what the trained model says of steps. */
class PrmTrainerCurvesTest {
    private static JsonNode golden;

    @BeforeAll
    static void read() throws IOException {
        golden = new ObjectMapper().readTree(PrmTrainerCurvesTest.class.getResource("prm_curves.json"));
        assertThat(golden.path("rows")).hasSize(8);
        assertThat(Golden.dir("tiny-chat")).isDirectory();
    }

    private static LabeledSteps row(JsonNode row) {
        List<String> steps = new ArrayList<>();
        List<Boolean> labels = new ArrayList<>();
        row.path("completions").forEach(step -> steps.add(step.asText()));
        row.path("labels").forEach(label -> labels.add(label.asBoolean()));
        return new LabeledSteps(Prompt.plain(row.path("prompt").asText()), steps, labels);
    }

    private static List<LabeledSteps> rows() {
        List<LabeledSteps> rows = new ArrayList<>();
        golden.path("rows").forEach(row -> rows.add(row(row)));
        return rows;
    }

    private static int[] ints(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.get(i).asInt()).toArray();
    }

    /** Tokens up to the last that is read, and the places that have a label. */
    private static void assertPacked(PackedBatch packed, JsonNode expected) {
        int[] labels = ints(expected.path("labels"));
        int[] places =
                IntStream.range(0, labels.length).filter(i -> labels[i] >= 0).toArray();
        int[] ids = ints(expected.path("input_ids"));
        assertThat(packed.tokens()).isEqualTo(Arrays.copyOf(ids, places[places.length - 1] + 1));
        assertThat(packed.sources()).isEqualTo(places);
    }

    @Test
    void tokens_areThoseOfTrl() {
        List<LabeledSteps> rows = rows();
        try (TinyChat tiny = new TinyChat()) {
            for (int i = 0; i < rows.size(); i++) {
                PackedBatch.Builder into = PackedBatch.builder();
                new StepObjective("\n", false).pack(rows.get(i), tiny.encoder(), into);
                assertPacked(into.build(), golden.path("tokens").get(i));
            }
            JsonNode other = golden.path("other_separator_last_only");
            PackedBatch.Builder into = PackedBatch.builder();
            new StepObjective(other.path("step_separator").asText(), true)
                    .pack(rows.get(other.path("row").asInt()), tiny.encoder(), into);
            assertPacked(into.build(), other);
        }
    }

    /** One curve also in accumulated micro-batches of one row: the mean is over the step's labels all the same. */
    @ParameterizedTest
    @CsvSource({"steps, false, 1", "steps, false, 4", "last_step, true, 1"})
    void training_followsTrl(String curve, boolean lastStepOnly, int accumulation) {
        TrlCurve ours = new TrlCurve();
        JsonNode expected = golden.path("curves").path(curve);
        List<float[]> logits = new ArrayList<>();
        try (TinyChat tiny = new TinyChat()) {
            tiny.trainProcess(
                    new StepObjective("\n", lastStepOnly),
                    rows(),
                    TinyChat.settings(4 / accumulation)
                            .gradientAccumulationSteps(accumulation)
                            .numTrainEpochs(2)
                            .build(),
                    ours.setting(),
                    model -> rows().subList(0, 3).forEach(row -> {
                        PackedBatch.Builder into = PackedBatch.builder();
                        new StepObjective("\n", false).pack(row, tiny.encoder(), into);
                        logits.add(model.rewards(into.build()));
                    }));
        }
        ours.assertFollows(expected, "loss", "grad_norm");
        JsonNode probabilities = expected.path("step_probabilities");
        assertThat(probabilities).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(logits.get(i)).hasSize(2 * probabilities.get(i).size());
            for (int k = 0; k < probabilities.get(i).size(); k++) {
                assertThat(StepLoss.probability(logits.get(i)[2 * k], logits.get(i)[2 * k + 1]))
                        .as("row %d step %d", i, k)
                        .isCloseTo(probabilities.get(i).get(k).asDouble(), within(1e-3));
            }
        }
    }
}
