package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.LazyRows;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A data set after its filters.
 *
 * @param kept rows that stay, in the file's order; copied. Those of large files are read again each time one is asked for
 * @param dropped the others, likewise
 * @param reasons how many rows were dropped for each reason, in the order of their first rows; copied
 */
public record Curated(List<SourceRow> kept, List<Dropped> dropped, Map<String, Integer> reasons) {
    /** Copies lists and map. */
    public Curated {
        kept = LazyRows.copyOf(kept);
        dropped = LazyRows.copyOf(dropped);
        reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }

    /** A row that was dropped. */
    public record Dropped(SourceRow row, Drop drop) {
        /** As a line of {@code dropped.jsonl}. */
        public Map<String, Object> toRow() {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("line", row.line());
            line.put("file", row.place().file().toString());
            line.put("reason", drop.reason());
            line.put("detail", drop.detail());
            line.put("prompt", row.prompt().text().toJson());
            return line;
        }
    }

    /** For {@code summary.json}; names are on the metrics page. */
    public Map<String, Object> toRow() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("rows", kept.size() + dropped.size());
        row.put("rows/kept", kept.size());
        reasons.forEach((reason, count) -> row.put("rows/" + reason, count));
        return row;
    }

    /** One line. */
    public String summary() {
        StringBuilder line = new StringBuilder()
                .append(kept.size())
                .append(" of ")
                .append(kept.size() + dropped.size())
                .append(" rows kept");
        reasons.forEach(
                (reason, count) -> line.append(", ").append(count).append(' ').append(reason));
        return line.toString();
    }
}
