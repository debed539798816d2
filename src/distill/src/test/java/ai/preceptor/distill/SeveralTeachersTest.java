package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Refusals;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several teachers of one student: by hand, and as what they are where they agree. */
class SeveralTeachersTest {
    private static final DistillationLoss LOSS = new DistillationLoss(
            List.of(
                    new DistillationLoss.Part(Divergence.forwardKl(), 1),
                    new DistillationLoss.Part(Divergence.jsd(0.3), 0.5)),
            0.25,
            1.5,
            16);
    private static Torch torch;
    private static LanguageModel student;
    private static LanguageModel first;
    private static LanguageModel second;
    private static final List<TokenRow> ROWS = rows();

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
        student = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.TRAINED);
        first = LanguageModel.initialise(torch, student.config(), LoadOptions.FROZEN, 7);
        second = LanguageModel.load(torch, Golden.dir("tiny-teacher"), LoadOptions.FROZEN);
    }

    @AfterAll
    static void close() {
        second.close();
        first.close();
        student.close();
        torch.close();
    }

    private static List<TokenRow> rows() {
        Random random = new Random(20261129);
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rows.add(TokenRow.learnt(
                            random.ints(2 + i, 3, 512).toArray(),
                            random.ints(3 + random.nextInt(5), 3, 512).toArray())
                    .with(new TokenRow.View(i % 2, List.of())));
        }
        return rows;
    }

    private static double[] logs(double... probabilities) {
        return Arrays.stream(probabilities).map(Math::log).toArray();
    }

    private static LogitKernel.Found twoTeachers(int blend, double... shares) {
        double[][] a = {logs(0.9, 0.1)};
        double[][] b = {logs(0.6, 0.4)};
        return new LogitKernel(torch, 1)
                .compare(new double[][] {{0, 0}}, List.of(a, b), shares, blend, Divergence.forwardKl());
    }

    private static double kl(double p) {
        return p * Math.log(2 * p) + (1 - p) * Math.log(2 * (1 - p));
    }

    /** Of (9/10, 1/10) and (6/10, 4/10) with 1/3 and 2/3: (7/10, 3/10); the gradient is q - p. */
    @Test
    void averagedProbs_byHand() {
        LogitKernel.Found found = twoTeachers(1, 1 / 3.0, 2 / 3.0);
        assertThat((double) found.numbers().get(3)[0]).isCloseTo(kl(0.7), within(1e-6));
        assertThat((double) found.gradient()[0]).isCloseTo(-0.2, within(1e-6));
        assertThat((double) found.numbers().get(4)[0])
                .as("the first teacher's own")
                .isCloseTo(kl(0.9), within(1e-6));
        assertThat((double) found.numbers().get(5)[0]).as("the second's").isCloseTo(kl(0.6), within(1e-6));
        assertThat((double) twoTeachers(1, 0, 1).numbers().get(3)[0])
                .as("no weight")
                .isCloseTo(kl(0.6), within(1e-6));
    }

    /** Odds 9 and 3/2 have the geometric mean sqrt(13.5). */
    @Test
    void averagedLogits_byHand() {
        double odds = Math.sqrt(13.5);
        LogitKernel.Found found = twoTeachers(2, 0.5, 0.5);
        assertThat((double) found.numbers().get(3)[0]).isCloseTo(kl(odds / (1 + odds)), within(1e-6));
        assertThat((double) found.gradient()[0]).isCloseTo(0.5 - odds / (1 + odds), within(1e-6));
    }

    @Test
    void sum_byHand() {
        LogitKernel.Found found = twoTeachers(0, 0.25, 0.75);
        assertThat((double) found.numbers().get(3)[0]).isCloseTo(kl(0.9), within(1e-6));
        assertThat((double) found.numbers().get(4)[0]).isCloseTo(kl(0.6), within(1e-6));
        assertThat((double) found.gradient()[0]).isCloseTo(0.5 - (0.25 * 0.9 + 0.75 * 0.6), within(1e-6));
    }

    /**
     * Of (1/2, 1/4, 1/8, 1/8) the teacher lists tokens 2 and 0 with 6/10 and 3/10. Token 2 is not among the student's two most
     * probable ones.
     */
    @Test
    void massOfTopTokens_byHand() {
        double[][] q = {logs(0.5, 0.25, 0.125, 0.125)};
        float[] known = {(float) Math.log(0.6), (float) Math.log(0.3), (float) Math.log(0.1)};
        LogitKernel.Found found =
                new LogitKernel(torch, 1).compareTop(q, new int[] {2, 0}, known, Divergence.forwardKl());
        double expected = 0.6 * Math.log(0.6 / 0.125) + 0.3 * Math.log(0.3 / 0.5) + 0.1 * Math.log(0.1 / 0.375);
        assertThat((double) found.numbers().get(3)[0]).isCloseTo(expected, within(1e-6));
        assertThat((double) found.numbers().get(4)[0]).as("student_mass").isCloseTo(0.625, within(1e-6));
        assertThat((double) found.numbers().get(5)[0]).as("teacher_mass").isCloseTo(0.9, within(1e-6));
        assertThat((double) found.numbers().get(6)[0]).as("overlap_ratio").isCloseTo(0.5, within(1e-6));
    }

    private record Step(double loss, Map<String, Metric> metrics, List<float[]> gradients) {}

    private static MeasuredPass pass(TeacherMix mix, LanguageModel... models) {
        List<DistributionSource> sources = new ArrayList<>();
        for (LanguageModel model : models) {
            sources.add(new ModelTeacher(model, sources.size()));
        }
        return mix.isSelected()
                ? new SelectedTeachers(sources.stream()
                        .map(source -> new DistillationPass(student, source, LOSS))
                        .toList())
                : new DistillationPass(student, mix.of(sources), LOSS);
    }

    private static PackedBatch packed(List<TokenRow> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> row.packInto(builder));
        return builder.build();
    }

    private static Totals totals() {
        return new Totals(ROWS.size(), ROWS.stream().mapToInt(TokenRow::targets).sum());
    }

    private static Step step(MeasuredPass pass, int microBatch) {
        student.parameters().clearGradients();
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int from = 0; from < ROWS.size(); from += microBatch) {
            List<TokenRow> some = ROWS.subList(from, from + microBatch);
            Pass.Contribution part = pass.run(some, packed(some), totals());
            loss += part.loss();
            metrics = Metric.merge(metrics, part.metrics());
        }
        return new Step(
                loss,
                metrics,
                student.parameters().trained().stream()
                        .map(Parameter::gradient)
                        .map(gradient -> gradient.toFloatArray())
                        .toList());
    }

    private static void same(Step found, Step expected, String name) {
        assertThat(found.loss()).as(name).isCloseTo(expected.loss(), within(2e-6));
        expected.metrics()
                .forEach((key, metric) -> assertThat(found.metrics().get(key).value())
                        .as(name + " " + key)
                        .isCloseTo(metric.value(), within(1e-5)));
        for (int block = 0; block < expected.gradients().size(); block++) {
            FloatArrays.assertClose(
                    name + " block " + block,
                    found.gradients().get(block),
                    expected.gradients().get(block),
                    2e-6);
        }
    }

    private static TeacherMix mix(KdLossMode mode) {
        return new TeacherMix(mode, null, "teacher_key", mode == KdLossMode.SELECT_TEACHER ? List.of("a", "b") : null);
    }

    @ParameterizedTest
    @EnumSource
    void equalTeachers_areOne(KdLossMode mode) {
        Step one = step(pass(TeacherMix.NONE, second), 3);
        Step two = step(pass(mix(mode), second, second), 3);
        same(two, one, mode.name());
        MetricsPage.requireDocumented(two.metrics().keySet());
        assertThat(two.metrics()).containsKeys("teacher_0/jsd", "teacher_1/forward_kl");
    }

    @ParameterizedTest
    @EnumSource
    void step_isTheSame_howeverItIsCut_andIsMeasuredWithoutLearning(KdLossMode mode) {
        MeasuredPass pass = pass(mix(mode), first, second);
        Step whole = step(pass, 6);
        same(step(pass, 1), whole, mode + " by single rows");
        assertThat(pass.measure(ROWS, packed(ROWS), totals()).loss()).isCloseTo(whole.loss(), within(2e-6));
    }

    /** The sum is that of the teachers' losses by their weights, but for the rows' own tokens, which count once. */
    @Test
    void sum_isTheWeightedSumOfTheTeachersLosses() {
        TeacherMix mix = new TeacherMix(KdLossMode.SUM, List.of(3.0, 1.0), "teacher_key", null);
        Step both = step(pass(mix, first, second), 3);
        Step a = step(pass(TeacherMix.NONE, first), 3);
        Step b = step(pass(TeacherMix.NONE, second), 3);
        assertThat(both.loss()).isCloseTo(0.75 * a.loss() + 0.25 * b.loss(), within(2e-6));
        assertThat(both.metrics().get("teacher_0/jsd").value())
                .isCloseTo(a.metrics().get("jsd").value(), within(1e-6));
        assertThat(both.metrics().get("jsd").value())
                .isCloseTo(
                        0.75 * a.metrics().get("jsd").value()
                                + 0.25 * b.metrics().get("jsd").value(),
                        within(1e-6));
        for (int block = 0; block < a.gradients().size(); block++) {
            float[] expected = a.gradients().get(block).clone();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = 0.75f * expected[i] + 0.25f * b.gradients().get(block)[i];
            }
            FloatArrays.assertClose("block " + block, both.gradients().get(block), expected, 2e-6);
        }
    }

    /** Each row is compared with its own teacher: the loss is that of the two halves of the rows. */
    @Test
    void selected_isEachRowsOwnTeacher() {
        Step both = step(pass(mix(KdLossMode.SELECT_TEACHER), first, second), 6);
        double expected = 0;
        for (int teacher = 0; teacher < 2; teacher++) {
            int own = teacher;
            List<TokenRow> rows =
                    ROWS.stream().filter(row -> row.view().teacher() == own).toList();
            expected += pass(TeacherMix.NONE, teacher == 0 ? first : second)
                    .measure(rows, packed(rows), totals())
                    .loss();
        }
        assertThat(both.loss()).isCloseTo(expected, within(2e-6));
    }

    @Test
    void whatHasNoMean_isRefused_andNothingLeaks() {
        long before = torch.liveTensors();
        PackedBatch batch = packed(ROWS);
        TeacherDistributions bucket =
                TeacherDistributions.of(student, second.topTokens(batch, 3, 1), TeacherDistributions.Tail.BUCKET);
        assertThatThrownBy(() -> TeacherDistributions.several(
                        List.of(first.teach(batch), bucket),
                        new double[] {1, 1},
                        TeacherDistributions.Blend.AVERAGED_PROBS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole distributions");
        assertThatThrownBy(() -> TeacherDistributions.several(
                        List.of(first.teach(batch)), new double[] {1, 1}, TeacherDistributions.Blend.SUM))
                .isInstanceOf(IllegalArgumentException.class);
        DistributionSource broken = (rows, packed, layers) -> {
            throw new IllegalStateException("broken");
        };
        DistributionSource some = TeacherMix.NONE.of(List.of(new ModelTeacher(first, 0), broken));
        assertThatThrownBy(() -> some.of(ROWS, batch, Taps.NONE)).hasMessage("broken");
        step(pass(mix(KdLossMode.AVERAGED_PROBS), first, second), 6);
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void settingsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> new TeacherMix(KdLossMode.SELECT_TEACHER, List.of(1.0), " ", null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("teacher_keys: expected one for each teacher")
                .hasMessageContaining("teacher_weights: expected none")
                .hasMessageContaining("teacher_key: expected the name of a column");
        assertThatThrownBy(() -> new TeacherMix(KdLossMode.SUM, List.of(0.0, 0.0), "k", List.of("a")))
                .hasMessageContaining("teacher_weights: expected at least one above 0")
                .hasMessageContaining("teacher_keys: expected none")
                .hasMessageContaining("teacher_key: expected teacher_key, its default, without"
                        + " kd_loss_mode=select_teacher, found k");
        Refusals refusals = Refusals.none();
        new TeacherMix(KdLossMode.AVERAGED_LOGITS, List.of(1.0), "teacher_key", null).check(2, true, refusals);
        assertThatThrownBy(refusals::throwIfAny)
                .hasMessageContaining("teacher_weights: expected one for each of 2 teachers")
                .hasMessageContaining("kd_loss_mode: expected sum or select_teacher with teacher_tail=bucket");
    }
}
