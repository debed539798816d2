package ai.preceptor.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochRowsTest {

    /** 7 rows, 2 a micro-batch, 2 of those a step: 4 rows, then 3; the next epoch starts anew. */
    @Test
    void at_unevenRows_endsEachEpochWithASmallerStep() {
        EpochRows<Integer> source = rows(7, 2, 2, false, 1);
        assertThat(source.stepsPerEpoch()).isEqualTo(2);
        assertThat(batches(source.at(0))).containsExactly(List.of(0, 1), List.of(2, 3));
        assertThat(batches(source.at(1))).containsExactly(List.of(4, 5), List.of(6));
        assertThat(batches(source.at(2))).containsExactly(List.of(0, 1), List.of(2, 3));
        assertThat(source.at(0).epoch()).isEqualTo(4 / 7.0);
        assertThat(source.at(1).epoch()).isEqualTo(1);
        assertThat(source.at(2).epoch()).isEqualTo(1 + 4 / 7.0);
    }

    @Test
    void at_shuffled_visitsEveryRowOnceAnEpochInAnotherOrder() {
        EpochRows<Integer> source = rows(11, 3, 1, true, 5);
        List<Integer> first = epoch(source, 0);
        List<Integer> second = epoch(source, 1);
        assertThat(first).containsExactlyInAnyOrderElementsOf(ascending(11)).isNotEqualTo(ascending(11));
        assertThat(second).containsExactlyInAnyOrderElementsOf(ascending(11)).isNotEqualTo(first);
    }

    /** What resume rests on: a step can be asked for without those before it. */
    @Test
    void at_anyStepFirst_givesTheSameRows() {
        EpochRows<Integer> straight = rows(11, 3, 1, true, 5);
        IntStream.range(0, 9).forEach(straight::at);
        assertThat(straight.at(9)).isEqualTo(rows(11, 3, 1, true, 5).at(9));
    }

    @Test
    void at_anotherSeed_isAnotherOrder() {
        assertThat(epoch(rows(30, 3, 1, true, 5), 0)).isNotEqualTo(epoch(rows(30, 3, 1, true, 6), 0));
    }

    /** The order is part of what a run is and must never change between versions; numbers by a program in Python. */
    @Test
    void permutation_isPinned() {
        assertThat(Permutation.of(8, 42, 0)).containsExactly(6, 2, 7, 3, 5, 0, 1, 4);
        assertThat(Permutation.of(8, 42, 2)).containsExactly(0, 5, 7, 3, 1, 6, 4, 2);
    }

    /** Each of 3! orders of 3 rows should come up about 1,000 times in 6,000; 5 sigma is 144. */
    @Test
    void permutation_isUniform() {
        int[] counts = new int[9];
        for (int seed = 0; seed < 6000; seed++) {
            int[] order = Permutation.of(3, seed, 3);
            counts[3 * order[0] + order[1]]++;
        }
        assertThat(IntStream.of(1, 2, 3, 5, 6, 7).map(i -> counts[i]))
                .allSatisfy(count -> assertThat(count).isBetween(856, 1144));
    }

    /** Rows that were left out before keep their numbers, so that an error names the line a user can find. */
    @Test
    void at_rowsLeftOut_keepsPositions() {
        TrainingRows<Integer> some = new TrainingRows<>(List.of(10, 30), List.of(1, 3), 2, 4, 0);
        StepRows<Integer> step = new EpochRows<>(some, 2, 1, false, 0).at(0);
        assertThat(step.microBatches().get(0).positions()).containsExactly(1, 3);
    }

    @Test
    void create_withoutRows_isRefused() {
        assertThatThrownBy(() -> rows(0, 2, 1, false, 0)).hasMessageContaining("rows 0");
        assertThatThrownBy(() -> rows(3, 0, 1, false, 0)).hasMessageContaining("batch_size 0");
    }

    /** More rows than there are, in products beyond an int: one step an epoch, with all of them. */
    @Test
    void at_largestNumbers_isAllRows() {
        for (int[] size : new int[][] {
            {Integer.MAX_VALUE, 1},
            {1, Integer.MAX_VALUE},
            {3, Integer.MAX_VALUE},
            {Integer.MAX_VALUE, Integer.MAX_VALUE},
            {1 << 16, 1 << 16}
        }) {
            EpochRows<Integer> source = rows(7, size[0], size[1], false, 1);
            assertThat(source.stepsPerEpoch()).isEqualTo(1);
            List<Integer> all = source.at(1_000_000_000).microBatches().stream()
                    .flatMap(batch -> batch.rows().stream())
                    .toList();
            assertThat(all).as("%s x %s", size[0], size[1]).containsExactly(0, 1, 2, 3, 4, 5, 6);
        }
    }

    private static EpochRows<Integer> rows(int count, int batch, int accumulation, boolean shuffle, long seed) {
        return new EpochRows<>(
                new TrainingRows<>(ascending(count), ascending(count), 0, 1, 0), batch, accumulation, shuffle, seed);
    }

    private static List<Integer> ascending(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<List<Integer>> batches(StepRows<Integer> step) {
        return step.microBatches().stream().map(MicroBatch::rows).toList();
    }

    private static List<Integer> epoch(EpochRows<Integer> source, int epoch) {
        List<Integer> all = new ArrayList<>();
        for (int step = 0; step < source.stepsPerEpoch(); step++) {
            batches(source.at(epoch * source.stepsPerEpoch() + step)).forEach(all::addAll);
        }
        return all;
    }
}
