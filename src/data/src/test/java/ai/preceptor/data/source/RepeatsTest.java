package ai.preceptor.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private static final long SEED = 12;

    @Test
    void before_countsEqualRowsBeforeEach() {
        assertThat(Repeats.before(List.of("a", "b", "a", "a", "c", "b"))).containsExactly(0, 0, 1, 2, 0, 1);
        assertThat(Repeats.before(List.of())).isEmpty();
    }

    /** Their hashes are equal. */
    @Test
    void before_tellsRowsWithOneHashApart() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(Repeats.before(List.of("Aa", "BB", "Aa", "BB"))).containsExactly(0, 0, 1, 1);
    }

    @Test
    void before_ofRowsThatAreMadeAgain_isTheSame() {
        int[] numbers = new Random(SEED).ints(3000, 0, 900).toArray();
        Map<Integer, Integer> seen = new HashMap<>();
        int[] expected = new int[numbers.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = seen.merge(numbers[i], 1, Integer::sum) - 1;
        }
        List<List<Integer>> rows = new LazyRows<>(numbers.length, i -> List.of(numbers[i]));
        assertThat(Repeats.before(rows)).as("seed %d", SEED).isEqualTo(expected);
    }
}
