package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.teacher.curate.Curated.Dropped;
import java.util.ArrayList;
import java.util.Comparator;
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
     * Applies them.
     *
     * @throws IllegalStateException if a filter has not as many verdicts as rows
     */
    public Curated of(List<SourceRow> rows) {
        List<Dropped> dropped = new ArrayList<>();
        List<SourceRow> kept = new ArrayList<>();
        for (SourceRow row : rows) {
            if (row.unusable() == null) {
                kept.add(row);
            } else {
                dropped.add(new Dropped(row, new Drop(snake(row.unusable()), row.unusable())));
            }
        }
        for (RowFilter filter : filters) {
            kept = after(filter, kept, dropped);
        }
        dropped.sort(Comparator.comparingLong(one -> one.row().line()));
        return new Curated(kept, dropped);
    }

    private static List<SourceRow> after(RowFilter filter, List<SourceRow> rows, List<Dropped> dropped) {
        List<@Nullable Drop> verdicts = filter.judge(rows);
        if (verdicts.size() != rows.size()) {
            throw new IllegalStateException("filter " + filter.name() + ": " + verdicts.size()
                    + " verdicts, must be one per row: " + rows.size());
        }
        List<SourceRow> kept = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Drop drop = verdicts.get(i);
            if (drop == null) {
                kept.add(rows.get(i));
            } else {
                dropped.add(new Dropped(rows.get(i), drop));
            }
        }
        return kept;
    }

    private static String snake(String label) {
        String words = label.replace("==", "equals").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return words.replaceAll("^_+|_+$", "");
    }
}
