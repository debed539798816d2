package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows whose text repeats that of an earlier row exactly.
 *
 * @param text what is compared
 */
public record RepeatFilter(RowText text) implements RowFilter {
    @Override
    public String name() {
        return "repeats";
    }

    @Override
    public List<@Nullable Drop> judge(List<SourceRow> rows) {
        Map<List<String>, Long> lines = new HashMap<>();
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (SourceRow row : rows) {
            List<String> parts = text.parts(row);
            Long first = parts.isEmpty() ? null : lines.putIfAbsent(parts, row.line());
            verdicts.add(first == null ? null : new Drop("duplicate", "repeats line " + first));
        }
        return verdicts;
    }
}
