package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.LazyRows;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Filters in the order in which they are applied; a later one sees what the earlier ones kept. Rows that nothing can be learnt
 * from (ties, empty answers) go first.
 *
 * @param filters copied
 */
public record Curation(List<RowFilter> filters) {
    /** Copies the list. */
    public Curation {
        filters = List.copyOf(filters);
    }

    /**
     * Applies them. Of large data sets neither the rows that stay nor the others are in memory: of each only its place, and why
     * it was dropped.
     *
     * @throws IllegalStateException if a filter has not as many verdicts as rows
     */
    public Curated of(List<SourceRow> rows) {
        DroppedRows dropped = new DroppedRows(rows);
        int[] kept = new int[rows.size()];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            SourceRow row = rows.get(i);
            if (row.unusable() == null) {
                kept[count++] = i;
            } else {
                dropped.add(i, new Drop(snake(row.unusable()), row.unusable()));
            }
        }
        kept = Arrays.copyOf(kept, count);
        for (RowFilter filter : filters) {
            kept = after(filter, rows, kept, dropped);
        }
        return dropped.besides(LazyRows.select(rows, kept));
    }

    private static int[] after(RowFilter filter, List<SourceRow> rows, int[] places, DroppedRows dropped) {
        List<SourceRow> some = LazyRows.select(rows, places);
        List<@Nullable Drop> verdicts = filter.judge(some);
        if (verdicts.size() != some.size()) {
            throw new IllegalStateException("filter " + filter.name() + ": " + verdicts.size()
                    + " verdicts, must be one per row: " + some.size());
        }
        int[] kept = new int[places.length];
        int count = 0;
        for (int i = 0; i < places.length; i++) {
            Drop drop = verdicts.get(i);
            if (drop == null) {
                kept[count++] = places[i];
            } else {
                dropped.add(places[i], drop);
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static String snake(String label) {
        String words = label.replace("==", "equals").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return words.replaceAll("^_+|_+$", "");
    }
}
