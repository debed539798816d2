package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.distill.hidden.AttentionKl;
import ai.preceptor.distill.hidden.AttentionMse;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.distill.hidden.HiddenMse;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Attention as it is read and as it is learnt. */
class AttentionTest {
    private static final HiddenLoss HIDDEN = new HiddenLoss(
            List.of(new HiddenLoss.Part(new HiddenMse(), 0.25)),
            List.of(
                    new HiddenLoss.AttentionPart(new AttentionKl(), 30),
                    new HiddenLoss.AttentionPart(new AttentionMse(), 200)),
            List.of(new HiddenLoss.Pair(1, 2), new HiddenLoss.Pair(2, 1)));
    private static final DistillationLoss LOSS =
            new DistillationLoss(List.of(new DistillationLoss.Part(Divergence.forwardKl(), 0.1)), 0, 1, 16, HIDDEN);
    private static final List<TokenRow> ROWS = rows();
    private static Torch torch;
    private static LanguageModel student;
    private static LanguageModel teacher;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 2);
        student = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
        teacher = LanguageModel.initialise(torch, student.config(), LoadOptions.FROZEN, 7);
    }

    @AfterAll
    static void close() {
        teacher.close();
        student.close();
        torch.close();
    }

    /** The third row is longer than a block of queries. */
    private static List<TokenRow> rows() {
        Random random = new Random(20261129);
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            rows.add(TokenRow.learnt(
                    random.ints(1 + random.nextInt(9), 3, 512).toArray(),
                    random.ints(i == 2 ? 110 : 2 + random.nextInt(9), 3, 512).toArray()));
        }
        return rows;
    }

    private static PackedBatch packed(List<TokenRow> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> row.packInto(builder));
        return builder.build();
    }

    /**
     * Of ids 5, 80, 33, 120 and 7, 400, 61: attention of positions 3 and 5, the mean over heads. From transformers 5.23.0 with
     * torch 2.15.0, {@code attn_implementation="eager"}, {@code output_attentions=True}, float32.
     */
    @Test
    void attention_isThatOfTransformers() {
        float[][][] expected = {
            {
                {0.2689023f, 0.2306406f, 0.2389009f, 0.2615562f},
                {0.1966367f, 0.1559289f, 0.1643576f, 0.1473957f, 0.1649887f, 0.1706923f}
            },
            {
                {0.2495002f, 0.2748283f, 0.2503548f, 0.2253167f},
                {0.1686665f, 0.1655785f, 0.1621929f, 0.1605318f, 0.1765729f, 0.1664574f}
            }
        };
        PackedBatch batch = packed(List.of(TokenRow.learnt(new int[] {5, 80, 33, 120}, new int[] {7, 400, 61})));
        Taps taps = new Taps(new int[0], new int[] {1, 2});
        try (TeacherDistributions read = student.teach(batch, taps);
                DistributionPass pass = student.distributions(batch, true, taps)) {
            for (int layer = 0; layer < 2; layer++) {
                float[][] found = read.attention(layer);
                assertThat(found[0]).containsExactly(expected[layer][0], within(2e-6f));
                assertThat(found[2]).containsExactly(expected[layer][1], within(2e-6f));
                assertThat(pass.attention(layer)[1]).containsExactly(found[1], within(1e-6f));
            }
        }
        assertThatThrownBy(() -> student.teach(batch, new Taps(new int[0], new int[] {3})))
                .hasMessage("layer: received 3, must be 1 to 2");
    }

    private record Step(double loss, Map<String, Metric> metrics, List<float[]> gradients) {}

    private static Step step(LanguageModel model, int microBatch) {
        HiddenMatch match = HiddenMatch.of(HIDDEN, 64, 64, 1);
        DistillationPass pass = new DistillationPass(model, new ModelTeacher(teacher, 0), LOSS, match);
        Totals totals = new Totals(
                ROWS.size(), ROWS.stream().mapToInt(TokenRow::targets).sum());
        model.parameters().clearGradients();
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int from = 0; from < ROWS.size(); from += microBatch) {
            List<TokenRow> some = ROWS.subList(from, from + microBatch);
            Pass.Contribution part = pass.run(some, packed(some), totals);
            loss += part.loss();
            metrics = Metric.merge(metrics, part.metrics());
        }
        List<float[]> gradients = model.parameters().trained().stream()
                .map(Parameter::gradient)
                .map(gradient -> gradient.toFloatArray())
                .toList();
        return new Step(loss, metrics, gradients);
    }

    @Test
    void step_isTheSame_howeverItIsCut_andAddsUp() {
        long before = torch.liveTensors();
        Step whole = step(student, 4);
        double sum = 0.1 * whole.metrics().get("forward_kl").value()
                + 0.25 * whole.metrics().get("hidden_mse").value()
                + 30 * whole.metrics().get("attention_kl").value()
                + 200 * whole.metrics().get("attention_mse").value();
        assertThat(whole.loss()).isCloseTo(sum, within(1e-5));
        MetricsPage.requireDocumented(whole.metrics().keySet());
        Step single = step(student, 1);
        assertThat(single.loss()).isCloseTo(whole.loss(), within(1e-4));
        same(single, whole, "single rows");
        try (LanguageModel checkpointed =
                LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED.checkpointed())) {
            same(step(checkpointed, 4), whole, "checkpointing");
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    private static void same(Step found, Step expected, String name) {
        for (int block = 0; block < expected.gradients().size(); block++) {
            FloatArrays.assertClose(
                    name + " block " + block,
                    found.gradients().get(block),
                    expected.gradients().get(block),
                    2e-5);
        }
    }

    /** The slope of the loss along the way to another model's weights is the gradient times that way. */
    @Test
    void gradient_agreesWithDifferences() {
        try (LanguageModel moved = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
                LanguageModel goal = LanguageModel.initialise(torch, student.config(), LoadOptions.TRAINED, 3)) {
            List<float[]> gradients = step(moved, 4).gradients();
            double expected = 0;
            for (int block = 0; block < gradients.size(); block++) {
                float[] here = moved.parameters().blocks().get(block).values().toFloatArray();
                float[] there = goal.parameters().blocks().get(block).values().toFloatArray();
                for (int i = 0; i < here.length; i++) {
                    expected += (double) gradients.get(block)[i] * (there[i] - here[i]);
                }
            }
            double way = 0.004;
            moved.follow(goal, 1 - way);
            double ahead = step(moved, 4).loss();
            moved.copyWeightsFrom(student);
            moved.follow(goal, 1 + way);
            double behind = step(moved, 4).loss();
            assertThat((ahead - behind) / (2 * way)).isCloseTo(expected, within(0.01 * Math.abs(expected) + 1e-3));
        }
    }
}
