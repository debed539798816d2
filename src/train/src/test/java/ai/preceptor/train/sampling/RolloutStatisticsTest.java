package ai.preceptor.train.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.train.Metric;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutStatisticsTest {
    private static Trajectory answer(int length, @Nullable ToolTurns turns) {
        Completion completion = new Completion(
                "a", new int[length], new float[length], new float[length], FinishReason.STOP, null, turns);
        return new Trajectory(Prompt.plain("p"), new int[] {1}, completion, 0, 0, Score.of(1));
    }

    private static Map<String, Metric> of(Trajectory... answers) {
        double[] scores = new double[answers.length];
        return RolloutStatistics.of(List.of(answers), Groups.of(scores, new int[answers.length]));
    }

    /** TRL's: lengths count the sampled tokens, calls are per answer, failures per call. */
    @Test
    void of_answersWithTools_countsCalls_andSampledTokens() {
        ToolTurns turns = new ToolTurns(List.of(new ToolTurns.Turn(2, new int[30], "", List.of())), 3, 1);
        Map<String, Metric> metrics = of(answer(4, turns), answer(6, ToolTurns.NONE));
        assertThat(metrics.get("completions/mean_length").value()).isEqualTo(5);
        assertThat(metrics.get("completions/max_length").value()).isEqualTo(6);
        assertThat(metrics.get("tools/call_frequency").value()).isEqualTo(1.5);
        assertThat(metrics.get("tools/failure_frequency").value()).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void of_answersThatCallNothing_haveNoFailures() {
        Map<String, Metric> metrics = of(answer(4, ToolTurns.NONE));
        assertThat(metrics.get("tools/call_frequency").value()).isZero();
        assertThat(metrics).doesNotContainKey("tools/failure_frequency");
        assertThat(of(answer(4, null))).doesNotContainKey("tools/call_frequency");
    }

    /** A mean of large numbers is rounded by more than 1e-8; a single answer, or an unscored one, has no spread. */
    @Test
    void shareWithoutSpread_countsGroupsOfEqualScores() {
        double large = 1e9 + 0.3;
        double[] scores = {large, large, large, 0.1, 0.1, 0.2, 5, 7, Double.NaN, 3, 3, Double.NaN};
        int[] groups = {0, 0, 0, 1, 1, 1, 2, 3, 3, 4, 4, 4};
        assertThat(Groups.of(scores, groups).shareWithoutSpread()).isEqualTo(2.0 / 5);
    }

    @Test
    void differ_isMoreThanRounding() {
        assertThat(Moments.differ(0.3, 0.1 + 0.2)).isFalse();
        assertThat(Moments.differ(0.3, Double.NaN, 0.3001)).isTrue();
        assertThat(Moments.differ(Double.NaN, 1)).isFalse();
        assertThat(Moments.differ()).isFalse();
    }
}
