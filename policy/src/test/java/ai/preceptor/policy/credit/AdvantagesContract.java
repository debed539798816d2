package ai.preceptor.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What all {@link Advantages} owe. An implementation's test extends this. */
public abstract class AdvantagesContract {
    private static final long SEED = 20261124;
    private static final double ROUNDING = 1e-9;

    /** The advantages under test. */
    protected abstract Advantages advantages();

    private static double[] rewards(Random random) {
        return random.doubles(12, -3, 3).toArray();
    }

    private static int[] groups() {
        return new int[] {0, 0, 0, 0, 5, 5, 5, 5, 2, 2, 2, 2};
    }

    @Test
    void name_saysSomething() {
        assertThat(advantages().name()).isNotBlank();
        assertThat(advantages().fewestScored()).isPositive();
    }

    @Test
    void of_givesOneFiniteNumberPerAnswer_andLeavesItsInputs() {
        double[] rewards = rewards(new Random(SEED));
        int[] groups = groups();
        double[] found = advantages().of(rewards, groups);
        assertThat(Arrays.stream(found).boxed()).as("seed %d", SEED).hasSize(12).allMatch(Double::isFinite);
        assertThat(rewards).containsExactly(rewards(new Random(SEED)));
        assertThat(groups).containsExactly(groups());
    }

    @Test
    void of_unscored_getsZeroAndMovesNobody() {
        double[] rewards = rewards(new Random(SEED));
        rewards[1] = Double.NaN;
        double[] found = advantages().of(rewards, groups());
        assertThat(found[1]).isZero();
        double[] others = advantages()
                .of(
                        without(rewards),
                        Arrays.stream(without(asDoubles(groups())))
                                .mapToInt(group -> (int) group)
                                .toArray());
        assertThat(without(found)).as("seed %d", SEED).containsExactly(others, within(ROUNDING));
    }

    private static double[] asDoubles(int[] numbers) {
        return Arrays.stream(numbers).asDoubleStream().toArray();
    }

    private static double[] without(double[] all) {
        double[] rest = new double[all.length - 1];
        rest[0] = all[0];
        System.arraycopy(all, 2, rest, 1, rest.length - 1);
        return rest;
    }

    @Test
    void of_reversed_givesTheSameReversed() {
        double[] rewards = rewards(new Random(SEED));
        double[] expected = advantages().of(rewards, groups());
        double[] backwards = new double[12];
        int[] groups = new int[12];
        for (int i = 0; i < 12; i++) {
            backwards[i] = rewards[11 - i];
            groups[i] = groups()[11 - i];
        }
        double[] found = advantages().of(backwards, groups);
        for (int i = 0; i < 12; i++) {
            assertThat(found[11 - i]).as("seed %d, answer %d", SEED, i).isCloseTo(expected[i], within(ROUNDING));
        }
    }

    @Test
    void of_arraysOfDifferentLengths_isRefused() {
        assertThatThrownBy(() -> advantages().of(new double[3], new int[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
