package ai.preceptor.cli.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of short texts in columns: the first column to the left, the others, which are numbers, to the right. */
public final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /**
     * The header, a rule, and the rows.
     *
     * @param header one title a column
     * @throws IllegalArgumentException when a row has not as many cells as the header
     */
    public static List<String> lines(List<String> header, List<List<String>> rows) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            if (row.size() != widths.length) {
                throw new IllegalArgumentException("row: " + row.size() + " cells, must be " + widths.length);
            }
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>(List.of(line(header, widths)));
        rows.forEach(row -> lines.add(line(row, widths)));
        lines.add(
                1, "-".repeat(Collections.max(lines.stream().map(String::length).toList())));
        return lines;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? row.get(i) + padding : GAP + padding + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
