package ai.preceptor.ranking.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.CharEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PairObjectiveTest {

    private static final Preference PAIR = new Preference(Prompt.plain("ab"), Text.plain("xyz"), Text.plain("u"));
    private static final List<Span> SPANS = List.of(new Span(0, 4), new Span(4, 6));
    private static final float[] LOGPS = {-1, -1, -1, -1, -1, -2};
    private static final float[] REFERENCE = {-1, -2, -1, -2, -1, -1};

    private static String word(Random random) {
        return "answer".substring(0, 1 + random.nextInt(6));
    }

    private static RankedGroup group(Random random) {
        List<Text> responses = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int size = 2 + random.nextInt(3); size > 0; size--) {
            responses.add(Text.plain(word(random)));
            scores.add(size + random.nextInt(3) / 2.0);
        }
        return new RankedGroup(Prompt.plain(word(random)), responses, scores);
    }

    /** Over groups, so over pairs too. */
    abstract static class OverGroups extends ObjectiveContract<RankedGroup> {
        @Override
        protected RankedGroup row(Random random) {
            return group(random);
        }
    }

    private static DpoLoss mixture() {
        return new DpoLoss(
                List.of(
                        new DpoLoss.Form(DpoLossType.SIGMOID, 1),
                        new DpoLoss.Form(DpoLossType.APO_DOWN, 0.3),
                        new DpoLoss.Form(DpoLossType.SFT, 0.2)),
                0.1,
                0,
                FDivergence.REVERSE_KL,
                0.5,
                0.05);
    }

    @Nested
    class Mixture extends OverGroups {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(mixture());
        }
    }

    @Nested
    class LengthDesensitized extends OverGroups {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(mixture(), new PairOptions(0.25, false));
        }
    }

    @Nested
    class Cpo extends OverGroups {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(new CpoLoss(CpoLossType.SIGMOID, 0.1, 0.1, 0.5, 1, 0));
        }
    }

    @Nested
    class AlphaPo extends OverGroups {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(new CpoLoss(CpoLossType.SIMPO, 0.5, 0, 0.5, 0, 0.1));
        }
    }

    @Nested
    class Orpo extends OverGroups {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(new OrpoLoss(0.1));
        }
    }

    private static TokenStatistics statistics(float[] logSumSquares) {
        return new TokenStatistics(
                new float[] {1, 0, 1, 0, 1, 1},
                Map.of(
                        TokenStatistic.ENTROPY, new float[] {1, 2, 3, 4, 5, 6},
                        TokenStatistic.MEAN_LOGIT, new float[] {1, 1, 1, 3, -1, -3},
                        TokenStatistic.LOG_SUM_SQUARES, logSumSquares));
    }

    private static LossReport evaluate(PairLoss loss, PairOptions options, float[] logSumSquares) {
        return PairObjective.ofPreferences(loss, options)
                .evaluate(new LossInputs<>(
                        List.of(PAIR), SPANS, LOGPS, REFERENCE, new Totals(1, 4), statistics(logSumSquares)));
    }

    @Test
    void evaluate_reportsTrlsTokenMetrics() {
        LossReport report = evaluate(DpoLoss.sigmoid(0.1), PairOptions.PLAIN, new float[6]);
        assertMetric(report, "entropy", 3.5);
        assertMetric(report, "logits/chosen", 1.5);
        assertMetric(report, "logits/rejected", -2);
        assertMetric(report, "mean_token_accuracy", 0.5);
    }

    /** Shared are two tokens; the chosen answer's others count a quarter: -2 - 0.5 against -3 - 0.75 of the reference. */
    @Test
    void evaluate_ldAlpha_weighsWhatIsBeyondTheShorterAnswer() {
        LossReport report = evaluate(DpoLoss.sigmoid(0.1), new PairOptions(0.25, false), new float[6]);
        double margin = (-2.5 + 3.75) - (-3 + 2);
        assertThat(report.loss()).isCloseTo(Math.log1p(Math.exp(-0.1 * margin)), within(1e-9));
        assertThat(report.gradient()[2]).isEqualTo(report.gradient()[0] / 4);
        assertThat(report.gradient()[3]).isEqualTo(report.gradient()[0] / 4);
        assertMetric(report, "logps/chosen", -2.5);
    }

    /** Token means of log p - log sum p^2: chosen -1 + 0.75 = -0.25, rejected -1.5 + 1 = -0.5; weight exp(-0.75). */
    @Test
    void evaluate_useWeighting_multipliesByWposWeight() {
        float[] squares = {-0.75f, -0.75f, -0.75f, -0.75f, -1, -1};
        LossReport plain = evaluate(mixture(), PairOptions.PLAIN, squares);
        LossReport weighted = evaluate(mixture(), new PairOptions(null, true), squares);
        double weight = Math.exp(-0.75);
        assertThat(weighted.loss()).isCloseTo(weight * plain.loss(), within(1e-9));
        for (int i = 0; i < 6; i++) {
            assertThat((double) weighted.gradient()[i]).isCloseTo(weight * plain.gradient()[i], within(1e-7));
        }
        assertMetric(weighted, "nll_loss", 1);
    }

    /** 1.0 (log s) and the mean over the step's four best tokens, 1 nat each. */
    @Test
    void evaluate_supervisedTerm_isTheTokenMeanOfTheStep() {
        LossReport report =
                evaluate(new CpoLoss(CpoLossType.SIGMOID, 0.1, 0, 0, 2, 0), PairOptions.PLAIN, new float[6]);
        double margin = -4 + 3;
        assertThat(report.loss()).isCloseTo(Math.log1p(Math.exp(-0.1 * margin)) + 2, within(1e-9));
    }

    /** The better answer has 1 nat a token. */
    @Test
    void evaluate_negativeWeightOfSft_movesAwayFromTheBetterAnswer() {
        DpoLoss away = new DpoLoss(
                List.of(new DpoLoss.Form(DpoLossType.SIGMOID, 1), new DpoLoss.Form(DpoLossType.SFT, -1)),
                0.1,
                0,
                FDivergence.REVERSE_KL,
                0.5,
                0.05);
        LossReport plain = evaluate(DpoLoss.sigmoid(0.1), PairOptions.PLAIN, new float[6]);
        LossReport report = evaluate(away, PairOptions.PLAIN, new float[6]);
        assertThat(report.loss()).isCloseTo(plain.loss() - 1, within(1e-9));
        assertThat((double) report.gradient()[0]).isCloseTo(plain.gradient()[0] + 0.25, within(1e-7));
        assertMetric(report, "nll_loss", 1);
    }

    @Test
    void tokens_countsWhatIsImitated() {
        assertThat(PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)).tokens(PAIR, SPANS))
                .isEqualTo(4);
        assertThat(PairObjective.ofPreferences(new OrpoLoss(0.1))
                        .tokens(PAIR, List.of(new Span(0, 2), new Span(2, 6), new Span(6, 8))))
                .isEqualTo(6);
    }

    @Test
    void pack_orpo_scoresThePromptToo() {
        PackedBatch.Builder builder = PackedBatch.builder();
        PairObjective.ofPreferences(new OrpoLoss(0.1)).pack(PAIR, new CharEncoder(), builder);
        PackedBatch batch = builder.build();
        assertThat(batch.targets()).containsExactly('a', 'b', 'x', 'y', 'z', 2, 'u', 2);
        assertThat(batch.sources()).containsExactly(0, 1, 2, 3, 4, 5, 2, 6);
        assertThat(batch.spans()).containsExactly(new Span(0, 2), new Span(2, 6), new Span(6, 8));
    }

    private static void assertMetric(LossReport report, String name, double value) {
        assertThat(report.metrics()).containsKey(name);
        assertThat(report.metrics().get(name).value()).as(name).isCloseTo(value, within(1e-6));
    }
}
