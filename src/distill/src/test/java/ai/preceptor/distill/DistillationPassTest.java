package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.distill.cache.TeacherCache;
import ai.preceptor.distill.hidden.HiddenCosine;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.distill.hidden.HiddenMse;
import ai.preceptor.distill.hidden.TokenRelation;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a step is cut, packed or chunked changes nothing; nor does it matter where a teacher's numbers come from. */
class DistillationPassTest {
    private static final List<DistillationLoss.Part> PARTS = List.of(
            new DistillationLoss.Part(Divergence.forwardKl(), 0.5),
            new DistillationLoss.Part(Divergence.jsd(0.3), 1),
            new DistillationLoss.Part(Divergence.skewReverseKl(0.1), 0.25),
            new DistillationLoss.Part(Divergence.totalVariation(), 2),
            new DistillationLoss.Part(Divergence.adaptiveKl(0.5), 0.125));

    private static Torch torch;
    private static LanguageModel student;
    private static LanguageModel teacher;
    private static final List<TokenRow> ROWS = rows(20261124);

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
        student = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
        teacher = LanguageModel.initialise(torch, student.config(), LoadOptions.FROZEN, 7);
    }

    @AfterAll
    static void close() {
        teacher.close();
        student.close();
        torch.close();
    }

    private static List<TokenRow> rows(long seed) {
        Random random = new Random(seed);
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int[] prompt = random.ints(1 + random.nextInt(9), 3, 512).toArray();
            rows.add(TokenRow.learnt(
                    prompt, random.ints(1 + random.nextInt(20), 3, 512).toArray()));
        }
        return rows;
    }

    private static DistillationLoss loss(double sft, double temperature, int chunk) {
        return new DistillationLoss(PARTS, sft, temperature, chunk);
    }

    private static TeacherDistributions taught(List<TokenRow> rows, PackedBatch batch, Taps wanted) {
        return teacher.teach(batch, wanted);
    }

    private record Step(double loss, Map<String, Metric> metrics, List<float[]> gradients) {}

    /** A whole step of {@link #ROWS} in micro-batches of some size. */
    private static Step step(LanguageModel model, DistributionSource source, DistillationLoss loss, int microBatch) {
        return step(new DistillationPass(model, source, loss), model, microBatch);
    }

    private static Step step(DistillationPass pass, LanguageModel model, int microBatch) {
        Totals totals = new Totals(
                ROWS.size(), ROWS.stream().mapToInt(TokenRow::targets).sum());
        model.parameters().clearGradients();
        double sum = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int from = 0; from < ROWS.size(); from += microBatch) {
            List<TokenRow> some = ROWS.subList(from, from + microBatch);
            PackedBatch.Builder builder = PackedBatch.builder();
            some.forEach(row -> pass.pack(row, builder));
            Pass.Contribution part = pass.run(some, builder.build(), totals);
            sum += part.loss();
            metrics = Metric.merge(metrics, part.metrics());
        }
        List<float[]> gradients = model.parameters().trained().stream()
                .map(Parameter::gradient)
                .map(gradient -> gradient.toFloatArray())
                .toList();
        return new Step(sum, metrics, gradients);
    }

    private static void same(Step found, Step expected, double tolerance, String name) {
        assertThat(found.loss()).as(name).isCloseTo(expected.loss(), within(tolerance * Math.max(1, expected.loss())));
        expected.metrics()
                .forEach((key, metric) -> assertThat(found.metrics().get(key).value())
                        .as(name + " " + key)
                        .isCloseTo(metric.value(), within(tolerance * Math.max(1, Math.abs(metric.value())))));
        for (int block = 0; block < expected.gradients().size(); block++) {
            FloatArrays.assertClose(
                    name + " block " + block,
                    found.gradients().get(block),
                    expected.gradients().get(block),
                    tolerance);
        }
    }

    @Test
    void step_isTheSame_howeverItIsCutAndChunked() {
        for (double temperature : new double[] {1, 2}) {
            Step whole = step(student, DistillationPassTest::taught, loss(0.5, temperature, 4096), 8);
            assertThat(whole.loss()).isPositive();
            for (int microBatch : new int[] {1, 4, 8}) {
                for (int chunk : new int[] {16, 4096}) {
                    String name = "temperature " + temperature + " micro-batch " + microBatch + " chunk " + chunk;
                    same(
                            step(student, DistillationPassTest::taught, loss(0.5, temperature, chunk), microBatch),
                            whole,
                            1e-5,
                            name);
                }
            }
        }
    }

    @Test
    void loss_isTheWeightedSumOfItsMetrics() {
        Step step = step(student, DistillationPassTest::taught, loss(0.5, 1, 64), 4);
        double sum = 0.5 * step.metrics().get("nll_loss").value();
        for (DistillationLoss.Part part : PARTS) {
            sum += part.weight() * step.metrics().get(part.divergence().key()).value();
        }
        assertThat(step.loss()).isCloseTo(sum, within(1e-6));
        MetricsPage.requireDocumented(step.metrics().keySet());
        DistillationPass pass = new DistillationPass(student, DistillationPassTest::taught, loss(0.5, 1, 64));
        PackedBatch.Builder builder = PackedBatch.builder();
        ROWS.forEach(row -> pass.pack(row, builder));
        Totals totals = new Totals(8, ROWS.stream().mapToInt(TokenRow::targets).sum());
        assertThat(pass.measure(ROWS, builder.build(), totals).loss()).isCloseTo(sum, within(1e-6));
    }

    @Test
    void ownDistributions_areAtNoDistance() {
        Step step = step(student, (rows, batch, layers) -> student.teach(batch, layers), loss(0, 1, 16), 4);
        assertThat(step.loss()).isCloseTo(0, within(2e-6));
    }

    /** Matrix products in bfloat16 leave about two digits. */
    @Test
    void bfloat16_isNearFloat32() {
        Step exact = step(student, DistillationPassTest::taught, loss(0.5, 1, 64), 8);
        LoadOptions half = new LoadOptions(Precision.BFLOAT16, true);
        try (LanguageModel rough = LanguageModel.load(torch, Golden.dir("tiny-chat"), half)) {
            Step step = step(rough, DistillationPassTest::taught, loss(0.5, 1, 64), 8);
            assertThat(step.loss()).isCloseTo(exact.loss(), within(0.02 * exact.loss()));
            same(step(rough, DistillationPassTest::taught, loss(0.5, 1, 3), 8), step, 5e-3, "chunks in bfloat16");
        }
    }

    /** With every token kept, a cached teacher is the live one; with few, another, but the same after reading back. */
    @Test
    void cachedTeacher_withAllTokens_equalsTheLiveOne() {
        Step live = step(student, DistillationPassTest::taught, loss(0.5, 1, 16), 4);
        int all = student.config().vocabSize();
        try (TeacherCache cache = cache("all", all, TeacherDistributions.Tail.SPREAD)) {
            same(step(student, cache, loss(0.5, 1, 16), 4), live, 1e-5, "all tokens");
        }
        try (TeacherCache bucket = cache("five", 5, TeacherDistributions.Tail.BUCKET);
                TeacherCache again = cache("five", 5, TeacherDistributions.Tail.BUCKET)) {
            Step once = step(student, bucket, loss(0.5, 1, 16), 4);
            assertThat(once.metrics().get("forward_kl").value())
                    .as("merging outcomes never raises a KL")
                    .isLessThan(live.metrics().get("forward_kl").value());
            same(step(student, again, loss(0.5, 1, 4096), 1), once, 1e-5, "read back");
        }
    }

    private TeacherCache cache(String key, int k, TeacherDistributions.Tail tail) {
        TeacherCache.Shape shape =
                new TeacherCache.Shape(key, k, student.config().vocabSize());
        Path file = directory.resolve(key);
        if (!TeacherCache.holds(file, shape)) {
            TeacherCache.write(file, shape, ROWS, batch -> teacher.topTokens(batch, k, 1));
        }
        return TeacherCache.open(file, shape, ROWS, new TeacherCache.Use(student, tail));
    }

    @Test
    void cache_ofAnotherKeyOrTorn_isRefused() throws Exception {
        cache("mine", 3, TeacherDistributions.Tail.BUCKET).close();
        Path file = directory.resolve("mine");
        int vocabulary = student.config().vocabSize();
        assertThat(TeacherCache.holds(file, new TeacherCache.Shape("other", 3, vocabulary)))
                .isFalse();
        byte[] bytes = Files.readAllBytes(file);
        int tokens = ROWS.stream().mapToInt(TokenRow::targets).sum();
        int header = "PRECTOP2 mine 3 512\n".length();
        assertThat(bytes.length - header).isEqualTo(tokens * (3 * 2 + 4 * 4) + 4);
        for (int place : new int[] {header, bytes.length / 2, bytes.length - 1}) {
            byte[] altered = bytes.clone();
            altered[place] ^= 1;
            Files.write(file, altered);
            assertThatThrownBy(() -> cache("mine", 3, TeacherDistributions.Tail.BUCKET))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("has been altered");
        }
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> cache("mine", 3, TeacherDistributions.Tail.BUCKET))
                .hasMessageContaining("bytes");
    }

    @Test
    void nothingLeaks() {
        long before = torch.liveTensors();
        for (int i = 0; i < 3; i++) {
            step(student, DistillationPassTest::taught, loss(0.5, 1, 16), 4);
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void lossesWithNothingToLearn_areRefused() {
        assertThatThrownBy(() -> new DistillationLoss(List.of(), 0, 0, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("loss_weights")
                .hasMessageContaining("temperature")
                .hasMessageContaining("chunk_size");
    }

    private static final HiddenLoss HIDDEN = new HiddenLoss(
            List.of(
                    new HiddenLoss.Part(new HiddenMse(), 0.5),
                    new HiddenLoss.Part(new HiddenCosine(), 1),
                    new HiddenLoss.Part(new TokenRelation(), 2)),
            List.of(new HiddenLoss.Pair(1, 2), new HiddenLoss.Pair(2, 1)));

    private static Step hiddenStep(LanguageModel model, int microBatch) {
        HiddenMatch match = HiddenMatch.of(HIDDEN, 64, 64, 1);
        DistillationLoss loss = new DistillationLoss(PARTS, 0.5, 1, 16, HIDDEN);
        return step(new DistillationPass(model, DistillationPassTest::taught, loss, match), model, microBatch);
    }

    @Test
    void hiddenStates_addTheirShare_howeverTheStepIsCut() {
        Step plain = step(student, DistillationPassTest::taught, loss(0.5, 1, 16), 8);
        Step whole = hiddenStep(student, 8);
        double share = 0.5 * whole.metrics().get("hidden_mse").value()
                + whole.metrics().get("hidden_cosine").value()
                + 2 * whole.metrics().get("token_relation").value();
        assertThat(whole.loss() - plain.loss()).isCloseTo(share, within(1e-5));
        MetricsPage.requireDocumented(whole.metrics().keySet());
        same(hiddenStep(student, 1), whole, 1e-5, "micro-batches of one");
    }

    /** An adapter alone learns, by the same rules. */
    @Test
    void adapter_getsTheSameGradientHoweverTheStepIsCut() {
        LoadOptions options = LoadOptions.TRAINED.withLora(LoraConfig.of(4, 8), 3);
        try (LanguageModel adapted = LanguageModel.load(torch, Golden.dir("tiny-chat"), options);
                LanguageModel second = LanguageModel.load(torch, Golden.dir("tiny-chat"), options)) {
            Step whole = hiddenStep(adapted, 8);
            assertThat(whole.loss()).isCloseTo(hiddenStep(student, 8).loss(), within(1e-5));
            assertThat(whole.gradients()).anyMatch(gradient -> gradient[0] != 0);
            same(hiddenStep(adapted, 1), whole, 1e-5, "adapter, micro-batches of one");
            second.follow(adapted, 0);
            same(hiddenStep(second, 8), whole, 1e-6, "a copy of the adapter");
        }
    }

    /** The slope of the loss along the way to another model's weights is the gradient times that way. */
    @Test
    void gradient_ofAllTogether_agreesWithDifferences() {
        try (LanguageModel moved = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
                LanguageModel goal = LanguageModel.initialise(torch, student.config(), LoadOptions.TRAINED, 3)) {
            List<float[]> gradients = hiddenStep(moved, 8).gradients();
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
            double ahead = hiddenStep(moved, 8).loss();
            moved.copyWeightsFrom(student);
            moved.follow(goal, 1 + way);
            double behind = hiddenStep(moved, 8).loss();
            assertThat((ahead - behind) / (2 * way)).isCloseTo(expected, within(0.02 * Math.abs(expected) + 1e-3));
        }
    }
}
