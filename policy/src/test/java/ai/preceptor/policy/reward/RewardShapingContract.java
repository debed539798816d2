package ai.preceptor.policy.reward;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link RewardShaping} owes. An implementation's test extends this. */
public abstract class RewardShapingContract {
    private static final long SEED = 20261129;

    /** The shaping under test. */
    protected abstract RewardShaping shaping();

    /** Whether its metrics are on the metrics page: not those of one's own. */
    protected boolean isDocumented() {
        return true;
    }

    /** An answer of so many tokens to the prompt {@code group}. */
    protected static Trajectory answer(int group, Score score, int tokens, FinishReason reason) {
        Completion completion = new Completion("text", new int[tokens], new float[tokens], reason);
        return new Trajectory(Prompt.plain("p"), new int[] {1}, completion, group, 0, score);
    }

    /** Answers of 1 to 20 tokens, some of them cut or unscored, one of which did not count before. */
    private static RewardBatch batch() {
        Random random = new Random(SEED);
        List<Trajectory> answers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Score score = i % 7 == 3 ? Score.unscored("down") : Score.of(random.nextGaussian() * 3);
            FinishReason reason = random.nextBoolean() ? FinishReason.STOP : FinishReason.LENGTH;
            answers.add(answer(i / 4, score, 1 + random.nextInt(20), reason));
        }
        return RewardBatch.of(answers).without(i -> i == 5).with("earlier", Metric.mean(2, 1));
    }

    @Test
    void name_saysSomething() {
        assertThat(shaping().name()).isNotBlank();
    }

    @Test
    void shape_keepsAnswersAndWhatIsUnscoredOrLeftOut() {
        RewardBatch before = batch();
        RewardBatch after = shaping().shape(before);
        assertThat(after.answers()).containsExactlyElementsOf(before.answers());
        for (int i = 0; i < 24; i++) {
            assertThat(after.isScored(i)).as("seed %d, answer %d", SEED, i).isEqualTo(before.isScored(i));
            assertThat(Double.isInfinite(after.rewards()[i])).as("answer %d", i).isFalse();
        }
        assertThat(after.counted()[5]).isFalse();
    }

    @Test
    void shape_leavesItsInputs_andGivesTheSameAgain() {
        RewardBatch before = batch();
        RewardBatch first = shaping().shape(before);
        assertThat(before.rewards()).as("seed %d", SEED).containsExactly(batch().rewards());
        assertThat(before.counted()).containsExactly(batch().counted());
        RewardBatch second = shaping().shape(before);
        assertThat(second.rewards()).containsExactly(first.rewards());
        assertThat(second.counted()).containsExactly(first.counted());
    }

    @Test
    void shape_keepsEarlierMetrics_andItsOwnAreFiniteAndDocumented() {
        RewardBatch after = shaping().shape(batch());
        assertThat(after.metrics().get("earlier")).isEqualTo(Metric.mean(2, 1));
        assertThat(after.metrics().values()).allMatch(metric -> Double.isFinite(metric.value()));
        if (isDocumented()) {
            MetricsPage.requireDocumented(after.metrics().keySet().stream()
                    .filter(name -> !name.equals("earlier"))
                    .toList());
        }
    }

    @Test
    void shape_nothingScored_staysUnscored() {
        RewardBatch after =
                shaping().shape(RewardBatch.of(List.of(answer(0, Score.unscored("down"), 3, FinishReason.LENGTH))));
        assertThat(after.isScored(0)).isFalse();
    }
}
