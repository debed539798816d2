package ai.preceptor.cli.console;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of short texts in columns: words to the left, which are the first column or the first few, numbers to the right. */
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
        return lines(header, rows, 1);
    }

    /** The same with more than one column of words, which stand to the left: the first {@code words}. */
    public static List<String> lines(List<String> header, List<List<String>> rows, int words) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            if (row.size() != widths.length) {
                throw new IllegalArgumentException("row: " + row.size() + " cells, must be " + widths.length);
            }
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>(List.of(line(header, widths, words)));
        rows.forEach(row -> lines.add(line(row, widths, words)));
        lines.add(
                1, "-".repeat(Collections.max(lines.stream().map(String::length).toList())));
        return lines;
    }

    private static String line(List<String> row, int[] widths, int words) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP).append(i < words ? row.get(i) + padding : padding + row.get(i));
        }
        return line.toString().stripTrailing();
    }
}
