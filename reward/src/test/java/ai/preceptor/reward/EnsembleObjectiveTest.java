package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.testkit.GradientCheck;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.Totals;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnsembleObjectiveTest {
    private static final BradleyTerryObjective PLAIN = new BradleyTerryObjective(new BradleyTerryLoss());
    private static final Preference PAIR =
            new Preference(Prompt.plain("p"), Text.plain("c"), Text.plain("r"), 0.25, 0.75);
    private static final Totals TWO = new Totals(2, 0);

    /** Heads 1 and 0.5 for the chosen, 0 and 0.5 for the rejected answer: mean rewards 0.75 and 0.25. */
    @Test
    void evaluate_isTheMeanOverTheHeads() {
        Preference certain = new Preference(PAIR.prompt(), PAIR.chosen(), PAIR.rejected());
        RewardLossReport report = new EnsembleObjective<>(PLAIN, 2)
                .evaluate(List.of(certain), new float[] {1, 0.5f, 0, 0.5f}, new Totals(1, 0));
        double first = Math.log1p(Math.exp(-1));
        assertThat(report.loss()).isCloseTo((first + Math.log(2)) / 2, within(1e-9));
        float slope = (float) (1 / (1 + Math.E) / 2);
        assertThat(report.gradient()).containsExactly(new float[] {-slope, -0.25f, slope, 0.25f}, within(1e-7f));
        assertThat(report.metrics().get("margin").value()).isEqualTo(0.5);
        assertThat(report.metrics().get("mean_reward").value()).isEqualTo(0.5);
        // deviations: of 1 and 0.5, and of 0 and 0.5, each 0.5 / sqrt 2
        assertThat(report.metrics().get("reward_uncertainty").value()).isCloseTo(Math.sqrt(0.125), within(1e-12));
        MetricsPage.requireDocumented(report.metrics().keySet());
    }

    @Test
    void evaluate_oneHead_isTheObjectiveItself() {
        float[] rewards = {1.5f, 0.25f, -1, 2};
        RewardLossReport one = new EnsembleObjective<>(PLAIN, 1).evaluate(List.of(PAIR, PAIR), rewards, TWO);
        RewardLossReport plain = PLAIN.evaluate(List.of(PAIR, PAIR), rewards, TWO);
        assertThat(one.loss()).isEqualTo(plain.loss());
        assertThat(one.gradient()).containsExactly(plain.gradient());
    }

    @Test
    void evaluate_gradientAgreesWithDifferences() {
        EnsembleObjective<Preference> objective = new EnsembleObjective<>(PLAIN, 3);
        double[] point = {1, 0.5, -0.25, 2, 0, 1, -1, 0.75, 0.125, 0.5, 0.25, -2};
        float[] rewards = floats(point);
        RewardLossReport report = objective.evaluate(List.of(PAIR, PAIR), rewards, TWO);
        double[] gradient = new double[point.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = report.gradient()[i];
        }
        new GradientCheck(1.0 / 1024, 1e-6)
                .verify(
                        "three heads",
                        r -> objective
                                .evaluate(List.of(PAIR, PAIR), floats(r), TWO)
                                .loss(),
                        point,
                        gradient);
    }

    @Test
    void evaluate_microBatches_addUp() {
        EnsembleObjective<Preference> objective = new EnsembleObjective<>(PLAIN, 2);
        float[] first = {1, 0.5f, -0.25f, 2};
        float[] second = {0, 1, -1, 0.75f};
        float[] all = {1, 0.5f, -0.25f, 2, 0, 1, -1, 0.75f};
        assertThat(objective.evaluate(List.of(PAIR), first, TWO).loss()
                        + objective.evaluate(List.of(PAIR), second, TWO).loss())
                .isCloseTo(objective.evaluate(List.of(PAIR, PAIR), all, TWO).loss(), within(1e-12));
    }

    @Test
    void evaluate_missingReward_isRefused() {
        assertThatThrownBy(() -> new EnsembleObjective<>(PLAIN, 2).evaluate(List.of(PAIR), new float[2], TWO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewards: 2 for 2 answers and 2 heads, must be 4");
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
