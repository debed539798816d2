package ai.preceptor.cli.report;

import java.util.List;

/**
 * A section of a report with charts, a table and a note; each may be empty.
 *
 * @param title its heading
 * @param pictures drawn one after the other; those without a line are left out
 * @param header titles of the table's columns
 * @param rows the table's cells, as many as titles each
 * @param note what the figures mean
 */
public record Chapter(String title, List<Curve> pictures, List<String> header, List<List<String>> rows, String note) {
    /** Copies the lists. */
    public Chapter {
        pictures = pictures.stream().filter(each -> !each.lines().isEmpty()).toList();
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** A chapter of pictures alone. */
    public static Chapter of(String title, List<Curve> pictures) {
        return new Chapter(title, pictures, List.of(), List.of(), "");
    }

    void draw(Html html) {
        if (pictures.isEmpty() && rows.isEmpty()) {
            return;
        }
        html.element("h2", title);
        if (!pictures.isEmpty()) {
            html.open("div", "class=curves");
            pictures.forEach(picture -> new Chart(picture).draw(html));
            html.close();
        }
        if (!rows.isEmpty()) {
            html.table(header, rows);
        }
        if (!note.isEmpty()) {
            html.element("p", note, "class=note");
        }
    }
}
