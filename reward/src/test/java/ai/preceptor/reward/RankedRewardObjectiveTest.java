package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.RewardObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RankedRewardObjectiveTest {

    /** What the loop is owed, over any ranked loss. */
    abstract static class Contract extends RewardObjectiveContract<RankedGroup> {
        @Override
        protected RankedGroup row(Random random) {
            List<Text> answers = new ArrayList<>();
            List<Double> scores = new ArrayList<>();
            int count = 2 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                answers.add(Text.plain("answer " + i));
                scores.add((double) (i == 0 ? 9 : random.nextInt(4)));
            }
            return new RankedGroup(Prompt.plain("prompt"), answers, scores);
        }
    }

    @Nested
    class PlackettLuce extends Contract {
        @Override
        protected RewardObjective<RankedGroup> objective() {
            return new RankedRewardObjective(new PlackettLuceRewardLoss(0.01));
        }
    }

    @Nested
    class AllPairs extends Contract {
        @Override
        protected RewardObjective<RankedGroup> objective() {
            return new RankedRewardObjective(new AllPairsLoss(new BradleyTerryLoss(0.01)));
        }
    }

    /** Groups of two and of three; the second ranks one of its three pairs wrongly. */
    @Test
    void evaluate_twoGroups_reportsTrlsMetrics() {
        Prompt prompt = Prompt.plain("p");
        List<RankedGroup> rows = List.of(
                new RankedGroup(prompt, List.of(Text.plain("a"), Text.plain("b")), List.of(1.0, 0.0)),
                new RankedGroup(
                        prompt, List.of(Text.plain("a"), Text.plain("b"), Text.plain("c")), List.of(3.0, 2.0, 1.0)));
        RewardLossReport report = new RankedRewardObjective(new PlackettLuceRewardLoss())
                .evaluate(rows, new float[] {1, 0, 2, -1, 0}, new Totals(2, 0));
        assertThat(report.metrics().get("accuracy").value()).isCloseTo((1 + 2.0 / 3) / 2, within(1e-12));
        assertThat(report.metrics().get("margin").value()).isCloseTo((1 + (3 + 2 - 1) / 3.0) / 2, within(1e-12));
        assertThat(report.metrics().get("min_reward").value()).isEqualTo(-1);
        assertThat(report.metrics().get("mean_reward").value()).isCloseTo(0.4, within(1e-12));
        assertThat(report.metrics().get("max_reward").value()).isEqualTo(2);
        assertThat(report.loss())
                .isCloseTo(
                        (Math.log1p(Math.exp(-1))
                                        + Math.log(Math.exp(2) + Math.exp(-1) + 1)
                                        - 2
                                        + Math.log(Math.exp(-1) + 1)
                                        + 1)
                                / 2,
                        within(1e-9));
    }
}
