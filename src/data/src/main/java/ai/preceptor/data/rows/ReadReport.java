package ai.preceptor.data.rows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts of a file's rows by outcome.
 *
 * @param read data rows read (blank lines are none)
 * @param kept rows that can be used
 * @param dropped reason to count for the others, such as {@code tie}, {@code empty answer}, {@code
 *     chosen == rejected}, {@code bad row}; {@code read = kept + sum of dropped}; copied
 * @param skipped one {@code file:line: reason} per bad row, in order; copied
 */
public record ReadReport(int read, int kept, Map<String, Integer> dropped, List<String> skipped) {

    /** @throws IllegalArgumentException if {@code read} is not {@code kept} plus all that was dropped */
    public ReadReport {
        dropped = Collections.unmodifiableMap(new LinkedHashMap<>(dropped));
        skipped = List.copyOf(skipped);
        int lost = dropped.values().stream().mapToInt(Integer::intValue).sum();
        if (read != kept + lost) {
            throw new IllegalArgumentException(
                    "read: expected kept + dropped = " + kept + " + " + lost + ", received " + read);
        }
    }

    /** The same, but further rows are bad. */
    ReadReport without(List<String> refused) {
        Map<String, Integer> more = new LinkedHashMap<>(dropped);
        more.merge(DropReason.BAD_ROW.label(), refused.size(), Integer::sum);
        List<String> listed = new ArrayList<>(skipped);
        listed.addAll(refused);
        return new ReadReport(read, kept - refused.size(), more, listed);
    }

    /** One line for a log, for example {@code 12 rows read, 9 kept, 2 tie, 1 empty answer}. */
    public String summary() {
        StringBuilder line = new StringBuilder(read + (read == 1 ? " row" : " rows") + " read, " + kept + " kept");
        dropped.forEach(
                (reason, count) -> line.append(", ").append(count).append(' ').append(reason));
        return line.toString();
    }
}
