package ai.preceptor.teacher.curate;

import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.teacher.curate.Perplexity.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows with a text that a language model finds too probable or too improbable.
 *
 * <p>Low perplexity is text that the model knows by heart or that repeats itself, high perplexity is noise or another language.
 * An answer's perplexity is that after its prompt. A row whose perplexity cannot be told is dropped as {@code no_perplexity}.
 *
 * @param text which texts; every one must be within the bounds
 * @param model tells perplexities
 * @param min least perplexity, or null for any
 * @param max greatest perplexity, or null for any
 */
public record PerplexityFilter(
        RowText text,
        Perplexity model,
        @Nullable Double min,
        @Nullable Double max) implements RowFilter {
    /** Enough to fill the model's passes. Fixed, because what lies in a pass together changes numbers by rounding. */
    private static final int ROWS_AT_ONCE = 1024;

    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += ROWS_AT_ONCE) {
            verdicts.addAll(judgeSome(rows.subList(from, Math.min(rows.size(), from + ROWS_AT_ONCE))));
        }
        return verdicts;
    }

    private List<@Nullable Drop> judgeSome(List<SourceRow> rows) {
        List<Passage> passages = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (SourceRow row : rows) {
            List<Passage> own = passages(row);
            passages.addAll(own);
            counts.add(own.size());
        }
        double[] found = model.of(passages);
        List<@Nullable Drop> verdicts = new ArrayList<>();
        int from = 0;
        for (int count : counts) {
            Drop drop = null;
            for (int i = from; i < from + count && drop == null; i++) {
                drop = judge(found[i]);
            }
            verdicts.add(drop);
            from += count;
        }
        return verdicts;
    }

    private List<Passage> passages(SourceRow row) {
        return text == RowText.ANSWERS
                ? row.answers().stream()
                        .map(answer -> new Passage(row.prompt(), answer))
                        .toList()
                : text.texts(row).stream()
                        .map(one -> new Passage(null, Text.plain(one)))
                        .toList();
    }

    private @Nullable Drop judge(double found) {
        if (!Double.isFinite(found)) {
            return new Drop("no_perplexity", "the model gives none");
        }
        if (min != null && found < min) {
            return new Drop("perplexity_too_low", show(found) + ", at least " + min);
        }
        return max != null && found > max ? new Drop("perplexity_too_high", show(found) + ", at most " + max) : null;
    }

    private static String show(double value) {
        return String.format(Locale.ROOT, "perplexity %.2f", value);
    }
}
