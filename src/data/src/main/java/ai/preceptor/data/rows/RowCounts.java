package ai.preceptor.data.rows;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what becomes of rows while they are read. */
final class RowCounts {
    private final Map<DropReason, Integer> dropped = new EnumMap<>(DropReason.class);
    private final List<String> skipped = new ArrayList<>();
    private int read;

    void read() {
        read++;
    }

    void drop(DropReason reason) {
        dropped.merge(reason, 1, Integer::sum);
    }

    void skip(String problem) {
        drop(DropReason.BAD_ROW);
        skipped.add(problem);
    }

    int rowsRead() {
        return read;
    }

    ReadReport report() {
        int lost = dropped.values().stream().mapToInt(Integer::intValue).sum();
        Map<String, Integer> labels = new LinkedHashMap<>();
        dropped.forEach((reason, count) -> labels.put(reason.label(), count));
        return new ReadReport(read, read - lost, labels, skipped);
    }

    /** Why no row is left, for example {@code all 12 rows are ties}. */
    String whyNothingIsLeft() {
        if (read == 0) {
            return "the file has no rows";
        }
        String rows = read == 1 ? "the only row" : "all " + read + " rows";
        if (dropped.size() == 1) {
            DropReason reason = dropped.keySet().iterator().next();
            String because = rows + " " + (read == 1 ? "dropped: " + reason.label() : reason.predicate());
            return skipped.isEmpty() ? because : because + ", the first at " + skipped.get(0);
        }
        List<String> counts = new ArrayList<>();
        dropped.forEach((reason, count) -> counts.add(count + " " + reason.label()));
        return rows + " were dropped: " + String.join(", ", counts);
    }
}
