package ai.preceptor.cli.report;

import java.util.List;

/**
 * A part of a report with pictures, a table and a note; each may be empty.
 *
 * @param title its heading
 * @param pictures drawn one after the other
 * @param header titles of the table's columns
 * @param rows the table's cells, as many as titles each
 * @param note what the figures mean
 */
public record Chapter(String title, List<Curve> pictures, List<String> header, List<List<String>> rows, String note) {
    /** Copies the lists. */
    public Chapter {
        pictures = List.copyOf(pictures);
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }
}
