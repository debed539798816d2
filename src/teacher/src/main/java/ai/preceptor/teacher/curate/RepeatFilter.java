package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.DigestIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops rows whose text repeats that of an earlier row exactly. Rows are told apart by their SHA-256.
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
        DigestIndex places = new DigestIndex();
        PlaceNumbers numbers = new PlaceNumbers();
        List<@Nullable Drop> verdicts = new ArrayList<>();
        for (SourceRow row : rows) {
            List<String> parts = text.parts(row);
            String key = key(parts);
            long first = parts.isEmpty() ? -1 : places.find(key);
            verdicts.add(first < 0 ? null : new Drop("duplicate", "repeats " + numbers.seenFrom(row, first)));
            if (first < 0 && !parts.isEmpty()) {
                places.put(key, numbers.of(row));
            }
        }
        return verdicts;
    }

    /** Equal for equal lists. */
    private static String key(List<String> parts) {
        StringBuilder key = new StringBuilder();
        parts.forEach(part -> key.append(part.length()).append(' ').append(part));
        return key.toString();
    }
}
