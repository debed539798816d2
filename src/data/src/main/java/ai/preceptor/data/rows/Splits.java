package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Splits rows into a part to learn from and a part to be judged by, prompt by prompt: no prompt has
 * rows in both, so what is held out is new.
 */
public final class Splits {
    private Splits() {}

    /**
     * Holds out a share of the rows.
     *
     * @param rows the rows in their order, which both parts keep
     * @param fraction share to hold out, above 0 and below 1; met as closely as whole prompts allow,
     *     with at least one prompt on either side
     * @param seed decides which prompts are held out; the same seed and rows give the same split
     * @throws IllegalArgumentException if {@code fraction} is not between 0 and 1
     * @throws DataException if all rows have the same prompt
     */
    public static <R extends Prompted> Split<R> byPrompt(List<R> rows, double fraction, long seed) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("fraction: expected above 0 and below 1, received " + fraction);
        }
        return holdOut(rows, Math.max(1, Math.round(fraction * rows.size())), seed);
    }

    /**
     * Holds out a number of rows, or slightly more where a prompt has several.
     *
     * @param rows the rows in their order, which both parts keep
     * @param heldOut rows to hold out, from 1 to one less than there are
     * @param seed decides which prompts are held out
     * @throws IllegalArgumentException if {@code heldOut} is out of range
     * @throws DataException if all rows have the same prompt
     */
    public static <R extends Prompted> Split<R> byPrompt(List<R> rows, int heldOut, long seed) {
        if (heldOut < 1 || heldOut >= rows.size()) {
            throw new IllegalArgumentException("heldOut: expected 1 to " + (rows.size() - 1) + " of " + rows.size()
                    + " rows, received " + heldOut);
        }
        return holdOut(rows, heldOut, seed);
    }

    private static <R extends Prompted> Split<R> holdOut(List<R> rows, long target, long seed) {
        Map<Text, Integer> rowsOf = new LinkedHashMap<>();
        rows.forEach(row -> rowsOf.merge(row.prompt().text(), 1, Integer::sum));
        if (rowsOf.size() < 2) {
            throw new DataException("cannot split by prompt: expected at least 2 different prompts in " + rows.size()
                    + " rows, found " + rowsOf.size());
        }
        List<Text> order = new ArrayList<>(rowsOf.keySet());
        Collections.shuffle(order, new Random(seed));
        Set<Text> chosen = new HashSet<>();
        long held = 0;
        for (Text prompt : order) {
            if (held >= target || chosen.size() == order.size() - 1) {
                break;
            }
            chosen.add(prompt);
            held += rowsOf.getOrDefault(prompt, 0);
        }
        List<R> train = new ArrayList<>();
        List<R> test = new ArrayList<>();
        rows.forEach(row -> (chosen.contains(row.prompt().text()) ? test : train).add(row));
        return new Split<>(train, test);
    }

    /** How many different prompts the rows have. */
    public static int distinctPrompts(List<? extends Prompted> rows) {
        Set<Text> prompts = new HashSet<>();
        rows.forEach(row -> prompts.add(row.prompt().text()));
        return prompts.size();
    }
}
