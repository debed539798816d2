package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Chart;
import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Html;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A section of a report with charts, a table and a note; each may be empty. Columns without a figure are left out.
 *
 * @param title its heading
 * @param pictures drawn one after the other; those without a line are left out
 * @param header titles of the table's columns
 * @param rows the table's cells, as many as titles each
 * @param note what the figures mean
 * @param samples prompts with answers, below
 */
public record Chapter(
        String title,
        List<Curve> pictures,
        List<String> header,
        List<List<String>> rows,
        String note,
        List<SampleRow> samples) {
    /** A cell for what was not measured. */
    private static final String NOTHING = "-";

    /** Copies the lists, without pictures that have no lines and columns that have no figures. */
    public Chapter {
        pictures = pictures.stream().filter(each -> !each.lines().isEmpty()).toList();
        List<List<String>> all = rows;
        int[] shown = IntStream.range(0, header.size())
                .filter(column -> column == 0 || all.isEmpty() || isFilled(column, all))
                .toArray();
        header = pick(header, shown);
        rows = rows.stream().map(row -> pick(row, shown)).toList();
        samples = List.copyOf(samples);
    }

    /** One without samples. */
    public Chapter(String title, List<Curve> pictures, List<String> header, List<List<String>> rows, String note) {
        this(title, pictures, header, rows, note, List.of());
    }

    private static boolean isFilled(int column, List<List<String>> rows) {
        return rows.stream()
                .anyMatch(row -> column >= row.size()
                        || !(row.get(column).equals(NOTHING) || row.get(column).isEmpty()));
    }

    private static List<String> pick(List<String> cells, int[] columns) {
        return IntStream.of(columns).mapToObj(cells::get).toList();
    }

    /** A chapter of pictures alone. */
    public static Chapter of(String title, List<Curve> pictures) {
        return new Chapter(title, pictures, List.of(), List.of(), "");
    }

    void draw(Html html) {
        if (pictures.isEmpty() && rows.isEmpty() && samples.isEmpty()) {
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
        samples.forEach(sample -> sample.draw(html));
    }
}
