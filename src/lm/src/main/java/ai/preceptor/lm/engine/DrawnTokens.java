package ai.preceptor.lm.engine;

import ai.preceptor.vector.Drawn;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a step drew.
 *
 * @param rows that it has
 * @param numbers a column per row, see the kernel {@code choose_tokens}
 * @param kept places in the flat matrix of logits, rising: the supports of rows that want them
 * @param columns of that matrix
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared by nobody
record DrawnTokens(int rows, double[] numbers, long[] kept, long columns) {
    /** Of rows that were drawn one by one. */
    static DrawnTokens of(List<Drawn> drawn, long columns) {
        int rows = drawn.size();
        int reported = drawn.stream().mapToInt(row -> row.topIds().length).max().orElse(0);
        double[] numbers = new double[(3 + 2 * reported) * rows];
        LongStream.Builder kept = LongStream.builder();
        for (int row = 0; row < rows; row++) {
            Drawn one = drawn.get(row);
            numbers[row] = one.id();
            numbers[rows + row] = one.logprob();
            numbers[2 * rows + row] = one.samplingLogprob();
            for (int k = 0; k < one.topIds().length; k++) {
                numbers[(3 + k) * rows + row] = one.topIds()[k];
                numbers[(3 + reported + k) * rows + row] = one.topLogprobs()[k];
            }
            if (one.support() != null) {
                for (int id : one.support()) {
                    kept.add(row * columns + id);
                }
            }
        }
        return new DrawnTokens(rows, numbers, kept.build().toArray(), columns);
    }

    int id(int row) {
        return (int) numbers[row];
    }

    /** At temperature 1 with nothing cut off. */
    double logprob(int row) {
        return numbers[rows + row];
    }

    /** Under the distribution that was drawn from. */
    double samplingLogprob(int row) {
        return numbers[2 * rows + row];
    }

    /** How many most probable tokens each row has. */
    int reported() {
        return (numbers.length / rows - 3) / 2;
    }

    int topId(int row, int place) {
        return (int) numbers[(3 + place) * rows + row];
    }

    double topLogprob(int row, int place) {
        return numbers[(3 + reported() + place) * rows + row];
    }

    /** The ids that a row's token was drawn from; null where nothing was cut off, or they were not wanted. */
    int @Nullable [] support(int row) {
        int from = firstAt(row);
        int to = firstAt(row + 1);
        if (from == to) {
            return null;
        }
        int[] ids = new int[to - from];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) (kept[from + i] - row * columns);
        }
        return ids;
    }

    private int firstAt(int row) {
        int found = Arrays.binarySearch(kept, row * columns);
        return found < 0 ? -1 - found : found;
    }
}
