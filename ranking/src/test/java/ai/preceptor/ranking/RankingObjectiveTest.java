package ai.preceptor.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.group.ProLoss;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.train.CharEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RankingObjectiveTest {

    private static final Preference PAIR = new Preference(Prompt.plain("ab"), Text.plain("xyz"), Text.plain("u"));

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

    @Nested
    class DpoOverPreferences extends ObjectiveContract<Preference> {
        @Override
        protected Objective<Preference> objective() {
            return PairObjective.ofPreferences(DpoLoss.sigmoid(0.1));
        }

        @Override
        protected Preference row(Random random) {
            return new Preference(
                    Prompt.plain(word(random)),
                    Text.plain(word(random)),
                    Text.plain(word(random)),
                    random.nextDouble());
        }
    }

    @Nested
    class DpoOverGroups extends ObjectiveContract<RankedGroup> {
        @Override
        protected Objective<RankedGroup> objective() {
            return PairObjective.ofGroups(DpoLoss.sigmoid(0.1));
        }

        @Override
        protected RankedGroup row(Random random) {
            return group(random);
        }
    }

    @Nested
    class Rrhf extends ObjectiveContract<RankedGroup> {
        @Override
        protected Objective<RankedGroup> objective() {
            return GroupObjective.ofGroups(RrhfLoss.paper());
        }

        @Override
        protected RankedGroup row(Random random) {
            return group(random);
        }
    }

    @Nested
    class Pro extends ObjectiveContract<RankedGroup> {
        @Override
        protected Objective<RankedGroup> objective() {
            return GroupObjective.ofGroups(ProLoss.paper());
        }

        @Override
        protected RankedGroup row(Random random) {
            return group(random);
        }
    }

    @Test
    void pack_pair_isOnePromptThenChosenThenRejected() {
        PackedBatch.Builder builder = PackedBatch.builder();
        PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)).pack(PAIR, new CharEncoder(), builder);
        PackedBatch batch = builder.build();
        assertThat(batch.tokens()).containsExactly(1, 'a', 'b', 'x', 'y', 'z', 'u');
        assertThat(batch.targets()).containsExactly('x', 'y', 'z', 2, 'u', 2);
        assertThat(batch.spans()).containsExactly(new Span(0, 4), new Span(4, 6));
    }

    /** Log-ratios: chosen -4 + 6 = 2, rejected -3 + 2 = -1; so z = 0.3 as in {@code DpoLossTest}. */
    @Test
    void evaluate_pair_reportsTrlsMetrics() {
        LossReport report = PairObjective.ofPreferences(DpoLoss.sigmoid(0.1))
                .evaluate(new LossInputs<>(
                        List.of(PAIR),
                        List.of(new Span(0, 4), new Span(4, 6)),
                        new float[] {-1, -1, -1, -1, -1, -2},
                        new float[] {-1, -2, -1, -2, -1, -1},
                        new Totals(2, 12)));
        assertThat(report.loss()).isCloseTo(0.554355244 / 2, within(1e-9));
        float slope = -0.0425557483f / 2;
        assertThat(report.gradient())
                .containsExactly(new float[] {slope, slope, slope, slope, -slope, -slope}, within(1e-8f));
        assertMetric(report, "rewards/chosen", 0.2);
        assertMetric(report, "rewards/rejected", -0.1);
        assertMetric(report, "rewards/margins", 0.3);
        assertMetric(report, "rewards/accuracies", 1);
        assertMetric(report, "logps/chosen", -4);
        assertMetric(report, "logps/rejected", -3);
        assertThat(report.metrics()).hasSize(6);
    }

    @Test
    void evaluate_equalRewards_countAsWrong() {
        float[] logps = {-1, -1, -1, -1, -1, -1};
        LossReport report = PairObjective.ofPreferences(DpoLoss.sigmoid(0.1))
                .evaluate(new LossInputs<>(
                        List.of(PAIR), List.of(new Span(0, 4), new Span(4, 6)), logps, logps, new Totals(1, 6)));
        assertMetric(report, "rewards/accuracies", 0);
    }

    @Test
    void evaluate_groupOfTies_countsInNoPairMetric() {
        RankedGroup tie =
                new RankedGroup(Prompt.plain("p"), List.of(Text.plain("a"), Text.plain("b")), List.of(1.0, 1.0));
        LossReport report = GroupObjective.ofGroups(RrhfLoss.paper())
                .evaluate(new LossInputs<>(
                        List.of(tie),
                        List.of(new Span(0, 2), new Span(2, 4)),
                        new float[] {-1, -2, -3, -4},
                        null,
                        new Totals(1, 4)));
        assertThat(report.metrics()).containsOnlyKeys("nll_loss");
        assertMetric(report, "nll_loss", 1.5);
    }

    private static void assertMetric(LossReport report, String name, double value) {
        assertThat(report.metrics()).containsKey(name);
        assertThat(report.metrics().get(name).value()).as(name).isCloseTo(value, within(1e-6));
    }
}
