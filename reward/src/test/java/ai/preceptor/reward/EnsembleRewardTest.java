package ai.preceptor.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnsembleRewardTest {
    private static final long SEED = 20261124;

    /** Mean 2; squares 1, 0, 1 over 2; 2 - 1.5 x 1. */
    @Test
    void of_isTheHandWorkedValue() {
        EnsembleReward reward = EnsembleReward.of(new double[] {1, 2, 3});
        assertThat(reward).isEqualTo(new EnsembleReward(2, 1));
        assertThat(reward.lowerBound(1.5)).isEqualTo(0.5);
    }

    @Test
    void of_oneMember_isCertain() {
        assertThat(EnsembleReward.of(new double[] {-3}).lowerBound(10)).isEqualTo(-3);
        assertThatThrownBy(() -> EnsembleReward.of(new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rewards: 0, must be at least 1");
    }

    /** A shift moves the bound by itself, a scale scales it, and more caution never raises it. */
    @Test
    void lowerBound_properties() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            double[] rewards = random.doubles(1 + random.nextInt(6), -3, 3).toArray();
            double k = random.nextDouble(3);
            double bound = EnsembleReward.of(rewards).lowerBound(k);
            assertThat(EnsembleReward.of(Arrays.stream(rewards).map(r -> r + 5).toArray())
                            .lowerBound(k))
                    .as("seed %d round %d", SEED, round)
                    .isCloseTo(bound + 5, within(1e-12));
            assertThat(EnsembleReward.of(Arrays.stream(rewards).map(r -> 2 * r).toArray())
                            .lowerBound(k))
                    .isCloseTo(2 * bound, within(1e-12));
            assertThat(EnsembleReward.of(rewards).lowerBound(k + 0.5)).isLessThanOrEqualTo(bound);
        }
    }
}
