package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.LazyRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rows in two parts. No prompt ({@link Prompted#splitText}) has rows in both, so what is held out is new.
 *
 * @param train rows to learn from, in their original order; copied
 * @param heldOut rows to be judged by, in their original order; copied
 * @param <R> type of a row
 */
public record Split<R>(List<R> train, List<R> heldOut) {

    /** Copies both lists. */
    public Split {
        train = LazyRows.copyOf(train);
        heldOut = LazyRows.copyOf(heldOut);
    }

    /**
     * Holds out a number of rows, or slightly more where a prompt has several, with at least one prompt on either side.
     *
     * @param rows the rows in their order, which both parts keep
     * @param heldOut rows to hold out, from 1 to one less than there are
     * @param seed decides which prompts are held out; the same seed and rows give the same split
     * @throws IllegalArgumentException if {@code heldOut} is out of range
     * @throws DataException if all rows have the same prompt
     */
    public static <R extends Prompted> Split<R> byPrompt(List<R> rows, int heldOut, long seed) {
        if (heldOut < 1 || heldOut >= rows.size()) {
            throw new IllegalArgumentException("heldOut: expected 1 to " + (rows.size() - 1) + " of " + rows.size()
                    + " rows, received " + heldOut);
        }
        Map<Text, Integer> rowsOf = new LinkedHashMap<>();
        rows.forEach(row -> rowsOf.merge(row.splitText(), 1, Integer::sum));
        if (rowsOf.size() < 2) {
            throw new DataException("cannot split by prompt: expected at least 2 different prompts in " + rows.size()
                    + " rows, found " + rowsOf.size());
        }
        List<Text> order = new ArrayList<>(rowsOf.keySet());
        Collections.shuffle(order, new Random(seed));
        Set<Text> chosen = new HashSet<>();
        int held = 0;
        for (Text prompt : order) {
            if (held >= heldOut || chosen.size() == order.size() - 1) {
                break;
            }
            chosen.add(prompt);
            held += rowsOf.getOrDefault(prompt, 0);
        }
        BitSet isHeldOut = new BitSet(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            isHeldOut.set(i, chosen.contains(rows.get(i).splitText()));
        }
        return new Split<>(
                LazyRows.select(
                        rows,
                        IntStream.range(0, rows.size())
                                .filter(i -> !isHeldOut.get(i))
                                .toArray()),
                LazyRows.select(rows, isHeldOut.stream().toArray()));
    }
}
