package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.teacher.curate.Curated.Dropped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that were dropped, by their places in a list that need not be in memory. */
final class DroppedRows {
    /** Of a row, without the row. */
    private record Entry(int place, Drop drop) {}

    private final List<SourceRow> rows;
    private final List<Entry> entries = new ArrayList<>();

    DroppedRows(List<SourceRow> rows) {
        this.rows = rows;
    }

    /** Adds the row at a place. */
    void add(int place, Drop drop) {
        entries.add(new Entry(place, drop));
    }

    /** All of them in the order of the list, beside those that stay. */
    Curated besides(List<SourceRow> kept) {
        entries.sort(Comparator.comparingInt(Entry::place));
        Map<String, Integer> reasons = new LinkedHashMap<>();
        entries.forEach(entry -> reasons.merge(entry.drop().reason(), 1, Integer::sum));
        int[] places = entries.stream().mapToInt(Entry::place).toArray();
        List<SourceRow> dropped = LazyRows.select(rows, places);
        return new Curated(
                kept,
                new LazyRows<>(
                        places.length,
                        i -> new Dropped(dropped.get(i), entries.get(i).drop())),
                reasons);
    }
}
