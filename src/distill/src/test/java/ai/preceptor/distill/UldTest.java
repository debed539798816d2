package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.ComparedTokens;
import ai.preceptor.lm.DistributionComparison;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.GradientCheck;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sorted probabilities of two vocabularies, held to the formula, to TRL and to differences. */
class UldTest {
    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    private static double[] logs(double... probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }

    /** Teacher (1/4, 3/4), student (1/5, 1/2, 3/10): |3/4 - 1/2| + |1/4 - 3/10| + |0 - 1/5|. */
    @Test
    void byHand() {
        double[] slope = new double[3];
        double found = DivergenceOracle.of(Divergence.uld()).evaluate(logs(0.25, 0.75), logs(0.2, 0.5, 0.3), slope);
        assertThat(found).isCloseTo(0.25 + 0.05 + 0.2, within(1e-15));
        assertThat(slope).containsExactly(new double[] {0.2, -0.5, 0.3}, within(1e-15));
        double[] equal = new double[2];
        assertThat(DivergenceOracle.of(Divergence.uld()).evaluate(logs(0.25, 0.75), logs(0.75, 0.25), equal))
                .as("it does not see which token is meant")
                .isZero();
    }

    private static List<double[]> rows(JsonNode matrix) {
        List<double[]> rows = new ArrayList<>();
        matrix.forEach(row -> rows.add(Golden.doubles(row)));
        return rows;
    }

    @Test
    void kernel_equalsTrl() {
        for (JsonNode one : Golden.json("uld.json").path("cases")) {
            List<double[]> student = rows(one.path("student"));
            List<double[]> teacher = rows(one.path("teacher"));
            List<double[]> gradient = rows(one.path("gradient"));
            int paired = Math.min(student.size(), teacher.size());
            LogitKernel.Found found = new LogitKernel(
                            torch, one.path("temperature").asDouble())
                    .compare(
                            student.subList(0, paired).toArray(double[][]::new),
                            List.<double[][]>of(teacher.subList(0, paired).toArray(double[][]::new)),
                            new double[] {1},
                            0,
                            Divergence.uld());
            double sum = 0;
            for (float value : found.numbers().get(3)) {
                sum += value;
            }
            assertThat(sum / paired).isCloseTo(one.path("loss").asDouble(), within(2e-6));
            int width = student.get(0).length;
            for (int i = 0; i < paired * width; i++) {
                assertThat((double) found.gradient()[i]).isCloseTo(gradient.get(i / width)[i % width], within(2e-6));
            }
            for (double[] beyond : gradient.subList(paired, gradient.size())) {
                assertThat(beyond).containsOnly(0);
            }
        }
    }

    @Test
    void gradient_agreesWithDifferences_overOtherVocabularies() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double[] teacher = DivergencesUnderTest.logits(random, 2 + random.nextInt(9), 2);
            double[] student = DivergencesUnderTest.logits(random, 2 + random.nextInt(9), 2);
            LogitDivergence loss = new LogitDivergence(Divergence.uld(), 0.5 + random.nextDouble());
            double[] gradient = new double[student.length];
            loss.evaluate(teacher, student, gradient);
            new GradientCheck(1e-5, 1e-6)
                    .verify("seed " + seed, z -> loss.evaluate(teacher, z, new double[z.length]), student, gradient);
        }
    }

    private static PackedBatch packed(List<TokenRow> rows, int teacher) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> (teacher < 0 ? row : row.seenBy(teacher)).packInto(builder));
        return builder.build();
    }

    private static DecoderConfig other(int vocabulary) {
        DecoderConfig config = DecoderConfig.read(Golden.dir("models/llama"));
        ObjectNode json = config.json().deepCopy();
        return DecoderConfig.parse(Path.of("config.json"), json.put("vocab_size", vocabulary));
    }

    /** A teacher of another vocabulary reads its own tokens; those that the student has more of stand alone. */
    @Test
    void models_ofOtherVocabularies_arePairedTokenByToken() {
        Random random = new Random(3);
        List<TokenRow> rows = new ArrayList<>();
        for (int[] lengths : new int[][] {{5, 3}, {2, 6}, {4, 4}}) {
            TokenRow seen = TokenRow.learnt(
                    random.ints(3, 0, 90).toArray(),
                    random.ints(lengths[1], 0, 90).toArray());
            rows.add(TokenRow.learnt(
                            random.ints(2, 0, 60).toArray(),
                            random.ints(lengths[0], 0, 60).toArray())
                    .with(new TokenRow.View(0, List.of(seen))));
        }
        DistributionComparison how =
                new DistributionComparison(List.of(Divergence.uld().term(1)), 1, 4);
        long before = torch.liveTensors();
        try (LanguageModel student = LanguageModel.initialise(torch, other(60), LoadOptions.TRAINED, 1);
                LanguageModel teacher = LanguageModel.initialise(torch, other(90), LoadOptions.FROZEN, 2)) {
            PackedBatch batch = packed(rows, -1);
            float[] mine = student.read(batch).logits();
            float[] theirs = teacher.read(packed(rows, 0)).logits();
            int[] places = {0, 1, 2, -1, -1, 3, 4, 9, 10, 11, 12};
            try (TeacherDistributions taught = new ModelTeacher(teacher, 0).of(rows, batch, Taps.NONE);
                    DistributionPass pass = student.distributions(batch, true)) {
                float[] weights = new float[11];
                Arrays.fill(weights, 1);
                ComparedTokens found = pass.compareAndBackward(taught, how, weights, new float[0]);
                assertThat(found.compared()).isEqualTo(9);
                for (int t = 0; t < places.length; t++) {
                    double expected = places[t] < 0
                            ? 0
                            : DivergencesUnderTest.of(
                                    Divergence.uld(), 1, row(theirs, places[t], 90), row(mine, t, 60));
                    assertThat((double) found.divergences().get(0)[t]).isCloseTo(expected, within(1e-5));
                }
            }
            TopTokens top = student.topTokens(batch, 3, 1);
            try (TeacherDistributions known = TeacherDistributions.of(student, top, TeacherDistributions.Tail.SPREAD);
                    TeacherDistributions taught = new ModelTeacher(teacher, 0).of(rows, batch, Taps.NONE);
                    DistributionPass pass = student.distributions(batch, false)) {
                assertThatThrownBy(() -> pass.compare(known, how)).hasMessageContaining("whole distributions");
                DistributionComparison both = new DistributionComparison(
                        List.of(Divergence.uld().term(1), Divergence.forwardKl().term(1)), 1, 4);
                assertThatThrownBy(() -> pass.compare(taught, both)).hasMessageContaining("vocabulary 90");
            }
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    private static double[] row(float[] all, int row, int width) {
        double[] values = new double[width];
        Arrays.setAll(values, i -> all[row * width + i]);
        return values;
    }
}
