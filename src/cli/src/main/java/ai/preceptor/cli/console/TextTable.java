package ai.preceptor.cli.console;

import java.util.ArrayList;
import java.util.List;

/** A table of short texts in columns: the first column to the left, the others, which are numbers, to the right. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** @param header one title a column */
    public TextTable(List<String> header) {
        rows.add(List.copyOf(header));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException when it has not as many cells as the header
     */
    public TextTable row(List<String> cells) {
        int columns = rows.get(0).size();
        if (cells.size() != columns) {
            throw new IllegalArgumentException("row: " + cells.size() + " cells, must be " + columns);
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** The header, a rule, and the rows. */
    public List<String> lines() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + padding : GAP + padding + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        int width = lines.stream().mapToInt(String::length).max().orElse(0);
        lines.add(1, "-".repeat(width));
        return lines;
    }
}
