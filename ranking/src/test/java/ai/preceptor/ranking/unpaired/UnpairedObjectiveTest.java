package ai.preceptor.ranking.unpaired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.CharEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpairedObjectiveTest {

    private static LabeledCompletion row(String prompt, String answer, boolean label) {
        return new LabeledCompletion(Prompt.plain(prompt), Text.plain(answer), label);
    }

    private static final List<LabeledCompletion> ROWS =
            List.of(row("a", "x", true), row("b", "yy", false), row("c", "z", true), row("d", "w", false));

    @Test
    void rotate_givesEachRowTheAnswerBeforeItWithinItsBatch() {
        assertThat(LabeledRow.rotate(ROWS, 3))
                .extracting(row -> row.mismatched().asString())
                .containsExactly("z", "x", "yy", "w");
    }

    /** The mean of 0.1, 0.2 and 0.3, or of 0, 0.1 and 0.2, is the middle score but for rounding. */
    @Test
    void of_group_judgesByTheGroupsMean() {
        for (List<Double> scores : List.of(List.of(1.0, 2.0, 3.0), List.of(0.1, 0.2, 0.3), List.of(0.0, 0.1, 0.2))) {
            RankedGroup group = new RankedGroup(
                    Prompt.plain("p"), List.of(Text.plain("low"), Text.plain("middle"), Text.plain("high")), scores);
            assertThat(LabeledRow.of(group))
                    .extracting(verdict -> verdict.completion().asString() + verdict.label())
                    .as("scores %s", scores)
                    .containsExactly("lowfalse", "hightrue");
        }
    }

    @Test
    void pack_kto_putsTheMismatchedAnswerBesideItsOwn_cutToTheLength() {
        PackedBatch.Builder builder = PackedBatch.builder();
        LabeledRow row = new LabeledRow(ROWS.get(0), Text.plain("long"));
        new UnpairedObjective(KtoLoss.kto(0.1), 5).pack(row, new CharEncoder(), builder);
        PackedBatch batch = builder.build();
        assertThat(batch.targets()).containsExactly('x', 2, 'l', 'o', 'n');
        assertThat(batch.spans()).containsExactly(new Span(0, 2), new Span(2, 5));
    }

    /** Two rows; own log-ratios 2 and -1; mismatched ones 3 and -1, so kl 1: 1 - s(0.1), and 1 - s(0.1 (1 + 1)). */
    @Test
    void evaluate_kto_isTheHandWorkedValue() {
        LossInputs<LabeledRow> in = new LossInputs<>(
                LabeledRow.rotate(ROWS.subList(0, 2), 2),
                List.of(new Span(0, 1), new Span(1, 2), new Span(2, 3), new Span(3, 4)),
                new float[] {-1, -2, -3, -4},
                new float[] {-3, -5, -2, -3},
                new Totals(2, 4));
        LossReport report = new UnpairedObjective(KtoLoss.kto(0.1), 0).evaluate(in);
        double desirable = 1 / (1 + Math.exp(0.1));
        double undesirable = 1 / (1 + Math.exp(0.2));
        assertThat(report.loss()).isCloseTo((desirable + undesirable) / 2, within(1e-12));
        assertThat((double) report.gradient()[0]).isCloseTo(-0.05 * desirable * (1 - desirable), within(1e-8));
        assertThat((double) report.gradient()[2]).isCloseTo(0.05 * undesirable * (1 - undesirable), within(1e-8));
        assertThat(report.gradient()[1]).as("no gradient through the baseline").isZero();
        assertThat(report.gradient()[3]).isZero();
        assertThat(report.metrics().get("kl").value()).isEqualTo(1);
        assertThat(report.metrics().get("rewards/chosen").value()).isCloseTo(0.2, within(1e-9));
        assertThat(report.metrics().get("rewards/rejected").value()).isCloseTo(-0.1, within(1e-9));
        assertThat(report.metrics().get("rewards/margins").value()).isCloseTo(0.3, within(1e-9));
        MetricsPage.requireDocumented(report.metrics().keySet());
    }

    /**
     * Rewards of 1, 0, 0, 0 and of 0, 0, in micro-batches of two and four rows, or of one each, of which none has both labels: what
     * the step has in one piece, and not the mean 0.5 of the micro-batches' own.
     */
    @Test
    void evaluate_margins_areThoseOfTheWholeStep() {
        LabeledCompletion good = ROWS.get(0);
        LabeledCompletion bad = ROWS.get(1);
        List<LabeledCompletion> rows = List.of(good, bad, good, good, good, bad);
        UnpairedObjective objective = new UnpairedObjective(new KtoLoss(KtoLossType.APO_ZERO_UNPAIRED, 0.1, 1, 1), 0);
        for (List<Integer> sizes : List.of(List.of(6), List.of(2, 4), List.of(1, 1, 1, 1, 1, 1))) {
            Map<String, Metric> metrics = Map.of();
            int row = 0;
            for (int size : sizes) {
                float[] logprobs = new float[size];
                logprobs[0] = row == 0 ? 10 : 0;
                LossInputs<LabeledRow> in = new LossInputs<>(
                        LabeledRow.rotate(rows.subList(row, row + size), size),
                        IntStream.range(0, size)
                                .mapToObj(i -> new Span(i, i + 1))
                                .toList(),
                        logprobs,
                        new float[size],
                        new Totals(rows.size(), rows.size()));
                metrics = Metric.merge(metrics, objective.evaluate(in).metrics());
                row += size;
            }
            assertThat(Metric.values(metrics).get("rewards/margins"))
                    .as("micro-batches of %s", sizes)
                    .isCloseTo(0.25, within(1e-9));
        }
    }

    /** The estimate of a divergence is not let below 0. */
    @Test
    void evaluate_kto_negativeEstimate_isZero() {
        LossInputs<LabeledRow> in = new LossInputs<>(
                LabeledRow.rotate(ROWS.subList(0, 1), 1),
                List.of(new Span(0, 1), new Span(1, 2)),
                new float[] {-1, -9},
                new float[] {-1, -2},
                new Totals(1, 2));
        assertThat(new UnpairedObjective(KtoLoss.kto(0.1), 0)
                        .evaluate(in)
                        .metrics()
                        .get("kl")
                        .value())
                .isZero();
    }

    /** Rewards 0.2 then -0.1: the baseline is the first, then their mean 0.05; a row that is held out does not move it. */
    @Test
    void evaluate_bco_shiftsByTheMeanRewardOfRowsTrainedOn() {
        UnpairedObjective objective = new UnpairedObjective(new KtoLoss(KtoLossType.BCO, 0.1, 1, 1), 0);
        LossInputs<LabeledRow> first = single(ROWS.get(0), -1, -3);
        LossInputs<LabeledRow> second = single(ROWS.get(1), -3, -2);
        assertThat(delta(objective, first)).as("nothing trained on yet").isZero();
        objective.observe(first);
        assertThat(delta(objective, first)).isCloseTo(0.2, within(1e-9));
        assertThat(delta(objective, second)).as("held out").isCloseTo(0.2, within(1e-9));
        assertThat(delta(objective, second)).as("once more").isCloseTo(0.2, within(1e-9));
        objective.observe(second);
        assertThat(delta(objective, second)).isCloseTo(0.05, within(1e-9));
        MetricsPage.requireDocumented(objective.evaluate(second).metrics().keySet());
    }

    @Test
    void runningReward_keepsOnlyWholeSteps(@TempDir Path checkpoint) {
        RunningReward running = new RunningReward();
        running.observe(4, 2);
        running.onStep(new StepMetrics(1, 2, 1, 1, 1, 1, 1, 1, Map.of()));
        running.observe(100, 1);
        running.saveState(checkpoint);
        RunningReward resumed = new RunningReward();
        resumed.loadState(checkpoint);
        assertThat(resumed.mean()).isEqualTo(2);
        assertThat(running.mean()).isEqualTo(104.0 / 3);
    }

    private static LossInputs<LabeledRow> single(LabeledCompletion row, float logp, float reference) {
        return new LossInputs<>(
                LabeledRow.rotate(List.of(row), 1),
                List.of(new Span(0, 1)),
                new float[] {logp},
                new float[] {reference},
                new Totals(1, 1));
    }

    private static double delta(UnpairedObjective objective, LossInputs<LabeledRow> in) {
        return objective.evaluate(in).metrics().get("delta").value();
    }
}
