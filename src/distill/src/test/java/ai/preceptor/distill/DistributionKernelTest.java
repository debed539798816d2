package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.ComparedTokens;
import ai.preceptor.lm.DistributionComparison;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.ForwardOutput;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel that does divergences chunk by chunk, held to the reference cores. */
class DistributionKernelTest {
    private static Torch torch;
    private static LanguageModel student;
    private static LanguageModel teacher;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
        student = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED);
        DecoderConfig config = DecoderConfig.read(Golden.dir("models/llama"));
        teacher = LanguageModel.initialise(torch, config, LoadOptions.FROZEN, 7);
    }

    @AfterAll
    static void close() {
        teacher.close();
        student.close();
        torch.close();
    }

    private static PackedBatch batch(long seed) {
        Random random = new Random(seed);
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int row = 0; row < 3; row++) {
            builder.prompt(random.ints(1 + random.nextInt(6), 3, 200).toArray());
            builder.completion(random.ints(1 + random.nextInt(9), 3, 200).toArray());
        }
        return builder.build();
    }

    private static double[] row(float[] all, int row, int width) {
        double[] values = new double[width];
        for (int i = 0; i < width; i++) {
            values[i] = all[row * width + i];
        }
        return values;
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Gradient of the head as it should be: the sum over tokens of dz times the token's hidden state. */
    private static double[] headGradient(ForwardOutput read, double[][] dz) {
        int width = read.hidden().length / dz.length;
        double[] sum = new double[dz[0].length * width];
        for (int t = 0; t < dz.length; t++) {
            for (int v = 0; v < dz[t].length; v++) {
                for (int d = 0; d < width; d++) {
                    sum[v * width + d] += dz[t][v] * read.hidden()[t * width + d];
                }
            }
        }
        return sum;
    }

    private static float[] trainedHead() {
        List<Parameter> blocks = student.parameters().blocks();
        return blocks.stream()
                .filter(block -> block.parts().get(0).name().equals("lm_head.weight"))
                .findFirst()
                .orElseThrow()
                .gradient()
                .toFloatArray();
    }

    private static void close(float[] found, double[] expected, String name) {
        double scale = Arrays.stream(expected).map(Math::abs).max().orElse(1);
        FloatArrays.assertClose(name, found, expected, 2e-5 * (1 + scale));
    }

    @Test
    void kernel_equalsTheCores_whateverTheChunk() {
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            PackedBatch batch = batch(seed);
            int m = batch.targets().length;
            double temperature = seed % 2 == 0 ? 1 : 0.5 + 2 * random.nextDouble();
            float[] weights = normal(random, m);
            float[] nll = seed % 3 == 0 ? new float[0] : normal(random, m);
            for (Divergence one : DivergencesUnderTest.all(random)) {
                for (int chunk : new int[] {1, 5, 4096}) {
                    String name = one + " seed " + seed + " temperature " + temperature + " chunk " + chunk;
                    check(batch, one, temperature, chunk, weights, nll, name);
                }
            }
        }
    }

    private static void check(
            PackedBatch batch,
            Divergence one,
            double temperature,
            int chunk,
            float[] weights,
            float[] nll,
            String name) {
        ForwardOutput read = student.read(batch);
        int m = batch.targets().length;
        int vocabulary = read.logits().length / m;
        float[] teacherLogits = teacher.read(batch).logits();
        double[][] dz = new double[m][vocabulary];
        double[] values = new double[m];
        for (int t = 0; t < m; t++) {
            double[] z = row(read.logits(), t, vocabulary);
            values[t] = new LogitDivergence(one, temperature).evaluate(row(teacherLogits, t, vocabulary), z, dz[t]);
            double[] lq = new LogitDivergence(one, 1).logSoftmax(z);
            for (int v = 0; v < vocabulary; v++) {
                double share = nll.length == 0 ? 0 : nll[t];
                dz[t][v] = 0.7 * weights[t] * dz[t][v] + share * (Math.exp(lq[v]) - (v == batch.targets()[t] ? 1 : 0));
            }
        }
        DistributionComparison how = new DistributionComparison(List.of(one.term(0.7)), temperature, chunk);
        try (TeacherDistributions rows = teacher.teach(batch);
                DistributionPass pass = student.distributions(batch, true)) {
            student.parameters().clearGradients();
            ComparedTokens looked = pass.compare(rows, how);
            ComparedTokens found = pass.compareAndBackward(rows, how, weights, nll);
            close(found.divergences().get(0), values, name);
            close(trainedHead(), headGradient(read, dz), name + " gradient of the head");
            close(found.logprobs(), doubles(student.logprobs(batch)), name + " log-probabilities");
            assertThat(looked.divergences().get(0))
                    .as(name)
                    .containsExactly(found.divergences().get(0));
        }
    }

    private static double[] doubles(float[] values) {
        return row(values, 0, values.length);
    }

    /** With the negative log-probability alone, every block's gradient is that of the pass for log-probabilities. */
    @Test
    void nllAlone_isThePassOfLogprobs() {
        PackedBatch batch = batch(3);
        int m = batch.targets().length;
        float[] coefficients = normal(new Random(5), m);
        float[] negative = new float[m];
        for (int i = 0; i < m; i++) {
            negative[i] = -coefficients[i];
        }
        student.parameters().clearGradients();
        try (ForwardPass pass = student.forward(batch)) {
            pass.backward(coefficients);
        }
        List<float[]> expected = student.parameters().blocks().stream()
                .map(block -> block.gradient().toFloatArray())
                .toList();
        student.parameters().clearGradients();
        DistributionComparison how =
                new DistributionComparison(List.of(Divergence.forwardKl().term(1)), 1, 3);
        try (TeacherDistributions rows = teacher.teach(batch);
                DistributionPass pass = student.distributions(batch, true)) {
            pass.compareAndBackward(rows, how, new float[m], negative);
        }
        for (int i = 0; i < expected.size(); i++) {
            close(
                    student.parameters().blocks().get(i).gradient().toFloatArray(),
                    doubles(expected.get(i)),
                    "block " + i);
        }
    }

    /** A teacher known by its top tokens: one bucket for the others, or their mass spread evenly. */
    @Test
    void topTokens_equalTheCoresOnWhatIsKnown() {
        PackedBatch batch = batch(9);
        int m = batch.targets().length;
        ForwardOutput read = student.read(batch);
        int vocabulary = read.logits().length / m;
        TopTokens top = teacher.topTokens(batch, 5, 1);
        Random random = new Random(4);
        float[] weights = normal(random, m);
        for (Divergence one : DivergencesUnderTest.ofTokens(random)) {
            for (TeacherDistributions.Tail tail : TeacherDistributions.Tail.values()) {
                double[][] dz = new double[m][vocabulary];
                double[] values = new double[m];
                for (int t = 0; t < m; t++) {
                    double[] z = row(read.logits(), t, vocabulary);
                    values[t] = tail == TeacherDistributions.Tail.BUCKET
                            ? bucket(one, top.slice(t, t + 1), z, dz[t])
                            : spread(one, top.slice(t, t + 1), z, dz[t]);
                    for (int v = 0; v < vocabulary; v++) {
                        dz[t][v] *= weights[t];
                    }
                }
                student.parameters().clearGradients();
                DistributionComparison how = new DistributionComparison(List.of(one.term(1)), 1, 4);
                try (TeacherDistributions rows = TeacherDistributions.of(student, top, tail);
                        DistributionPass pass = student.distributions(batch, true)) {
                    ComparedTokens found = pass.compareAndBackward(rows, how, weights, new float[0]);
                    close(found.divergences().get(0), values, one + " " + tail);
                }
                close(trainedHead(), headGradient(read, dz), one + " " + tail + " gradient of the head");
            }
        }
    }

    private static double bucket(Divergence one, TopTokens top, double[] z, double[] dz) {
        double[] lq = new LogitDivergence(one, 1).logSoftmax(z);
        int k = top.k();
        double[] p = doubles(top.logprobs());
        double[] q = new double[k + 1];
        double rest = 0;
        for (int v = 0; v < z.length; v++) {
            int at = v;
            rest += Arrays.stream(top.ids()).anyMatch(id -> id == at) ? 0 : Math.exp(lq[v]);
        }
        for (int j = 0; j < k; j++) {
            q[j] = lq[top.ids()[j]];
        }
        q[k] = Math.log(rest);
        double[] slope = new double[k + 1];
        double value = DivergenceOracle.of(one).evaluate(p, q, slope);
        double sum = Arrays.stream(slope).sum();
        for (int v = 0; v < z.length; v++) {
            dz[v] = Math.exp(lq[v]) * (slope[k] / rest - sum);
        }
        for (int j = 0; j < k; j++) {
            dz[top.ids()[j]] = slope[j] - Math.exp(q[j]) * sum;
        }
        return value;
    }

    private static double spread(Divergence one, TopTokens top, double[] z, double[] dz) {
        double[] p = new double[z.length];
        Arrays.fill(p, top.logprobs()[top.k()] - Math.log(z.length - top.k()));
        for (int j = 0; j < top.k(); j++) {
            p[top.ids()[j]] = top.logprobs()[j];
        }
        return new LogitDivergence(one, 1).evaluate(p, z, dz);
    }

    @Test
    void topTokens_holdTheTeachersOwnNumbers() {
        PackedBatch batch = batch(2);
        TopTokens top = teacher.topTokens(batch, 3, 2);
        float[] logits = teacher.read(batch).logits();
        int vocabulary = logits.length / top.rows();
        double[] lp = new LogitDivergence(Divergence.forwardKl(), 2).logSoftmax(row(logits, 1, vocabulary));
        double[] sorted = lp.clone();
        Arrays.sort(sorted);
        double rest = 1;
        for (int j = 0; j < 3; j++) {
            double expected = sorted[vocabulary - 1 - j];
            rest -= Math.exp(expected);
            assertThat((double) top.logprobs()[4 + j]).isCloseTo(expected, within(1e-5));
            assertThat(lp[top.ids()[3 + j]]).isCloseTo(expected, within(1e-5));
        }
        assertThat((double) top.logprobs()[7]).isCloseTo(Math.log(rest), within(1e-5));
    }

    @Test
    void misfits_areRefused_andNothingLeaks() {
        PackedBatch batch = batch(1);
        DistributionComparison how =
                new DistributionComparison(List.of(Divergence.forwardKl().term(1)), 1, 8);
        long before = torch.liveTensors();
        try (TeacherDistributions other = teacher.teach(batch(2));
                DistributionPass pass = student.distributions(batch, false)) {
            int m = batch.targets().length;
            assertThatThrownBy(() -> pass.compare(other, how)).hasMessageContaining("teacher " + other.rows());
            assertThatThrownBy(() -> pass.compareAndBackward(other, how, new float[m], new float[0]))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }
}
