package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.train.sampling.Moments;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdvantagesTest {

    private static final Advantages LEAVE_ONE_OUT = new Advantages.LeaveOneOut(false);
    private static final double[] REWARDS = {1, 2, 6, 10, 20};
    private static final int[] GROUPS = {7, 7, 7, 3, 3};

    private static Advantages relative(ScaleRewards scale) {
        return new Advantages.GroupRelative(scale);
    }

    /** Baselines of the first group: (2 + 6)/2, (1 + 6)/2, (1 + 2)/2; of the second: 20 and 10. */
    @Test
    void leaveOneOut_subtractsTheMeanOfTheSiblings() {
        assertThat(LEAVE_ONE_OUT.of(REWARDS, GROUPS))
                .containsExactly(new double[] {-3, -1.5, 4.5, -10, 10}, within(1e-12));
    }

    @Test
    void leaveOneOut_normalized_hasMeanZeroAndDeviationOne() {
        double[] advantages = new Advantages.LeaveOneOut(true).of(REWARDS, GROUPS);
        Moments moments = Moments.of(advantages);
        assertThat(moments.mean()).isCloseTo(0, within(1e-12));
        assertThat(moments.deviation()).isCloseTo(1, within(1e-4));
        assertThat(advantages[2]).isPositive();
    }

    /** Means 3 and 15; sample deviations sqrt(14/2) and sqrt(50); of the batch sqrt(236.8/4) around 7.8. */
    @Test
    void groupRelative_isTheHandWorkedValue() {
        double first = Math.sqrt(7) + 1e-4;
        double second = Math.sqrt(50) + 1e-4;
        assertThat(relative(ScaleRewards.GROUP).of(REWARDS, GROUPS))
                .containsExactly(
                        new double[] {-2 / first, -1 / first, 3 / first, -5 / second, 5 / second}, within(1e-12));
        assertThat(relative(ScaleRewards.NONE).of(REWARDS, GROUPS))
                .containsExactly(new double[] {-2, -1, 3, -5, 5}, within(1e-12));
        double batch = Math.sqrt(236.8 / 4) + 1e-4;
        assertThat(relative(ScaleRewards.BATCH).of(REWARDS, GROUPS))
                .containsExactly(
                        new double[] {-2 / batch, -1 / batch, 3 / batch, -5 / batch, 5 / batch}, within(1e-12));
    }

    /** The leave-one-out advantage is n / (n - 1) times the distance to the group's mean. */
    @Test
    void leaveOneOut_andGroupRelative_agreeUpToAFactor() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            int size = 2 + random.nextInt(8);
            double[] rewards = random.doubles(size, -5, 5).toArray();
            int[] groups = new int[size];
            double[] left = LEAVE_ONE_OUT.of(rewards, groups);
            double[] relative = relative(ScaleRewards.NONE).of(rewards, groups);
            for (int i = 0; i < size; i++) {
                assertThat(left[i])
                        .as("seed %d round %d", seed, round)
                        .isCloseTo(relative[i] * size / (size - 1), within(1e-12));
            }
            assertThat(Arrays.stream(left).sum()).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void of_equalRewards_areZero() {
        double[] same = {4, 4, 4};
        assertThat(LEAVE_ONE_OUT.of(same, new int[3])).containsOnly(0);
        for (ScaleRewards scale : ScaleRewards.values()) {
            assertThat(relative(scale).of(same, new int[3])).as(scale.name()).containsOnly(0);
        }
    }

    @Test
    void of_unscoredAnswer_isZeroAndNoPartOfTheBaseline() {
        double[] rewards = {1, Double.NaN, 3};
        assertThat(LEAVE_ONE_OUT.of(rewards, new int[3])).containsExactly(-2, 0, 2);
        double deviation = Math.sqrt(2) + 1e-4;
        assertThat(relative(ScaleRewards.GROUP).of(rewards, new int[3]))
                .containsExactly(new double[] {-1 / deviation, 0, 1 / deviation}, within(1e-12));
    }

    @Test
    void of_answerWithoutScoredSibling_isZero() {
        double[] rewards = {1, Double.NaN, 5, Double.NaN, Double.NaN};
        int[] groups = {0, 0, 1, 2, 2};
        assertThat(LEAVE_ONE_OUT.of(rewards, groups)).containsOnly(0);
        assertThat(new Advantages.LeaveOneOut(true).of(rewards, groups)).containsOnly(0);
        for (ScaleRewards scale : ScaleRewards.values()) {
            assertThat(relative(scale).of(rewards, groups)).as(scale.name()).containsOnly(0);
        }
    }

    @Test
    void of_lengthsThatDiffer_areRefused() {
        assertThatThrownBy(() -> LEAVE_ONE_OUT.of(REWARDS, new int[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groups: 4");
    }
}
