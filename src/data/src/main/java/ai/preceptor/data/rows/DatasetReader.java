package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file of one format, row by row.
 *
 * @param <R> what a row becomes
 */
final class DatasetReader<R> {
    private final RowFormat<R> format;
    private final int maxRows;
    private final OnBadRow onBadRow;

    /**
     * A reader.
     *
     * @param maxRows how many data rows to read from the start, dropped ones included; 0 or less for all
     */
    DatasetReader(RowFormat<R> format, int maxRows, OnBadRow onBadRow) {
        this.format = format;
        this.maxRows = maxRows <= 0 ? Integer.MAX_VALUE : maxRows;
        this.onBadRow = onBadRow;
    }

    Dataset<R> read(Path file) {
        JsonRows json = new JsonRows();
        RowCounts tally = new RowCounts();
        List<R> rows = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        try (LineReader lines = LineReader.open(file)) {
            while (tally.rowsRead() < maxRows && lines.advance()) {
                if (lines.blank()) {
                    continue;
                }
                tally.read();
                try {
                    String line = lines.text();
                    refuseJsonArray(file, lines.number(), line);
                    if (keep(format.parse(new Row(json.parse(line))), rows, tally)) {
                        numbers.add(lines.number());
                    }
                } catch (RowException e) {
                    bad(file, lines.number(), e, tally);
                }
            }
        }
        if (rows.isEmpty()) {
            throw DataException.in(file, "nothing to learn from: " + tally.whyNothingIsLeft());
        }
        return new Dataset<>(rows, numbers, tally.report());
    }

    private boolean keep(R row, List<R> rows, RowCounts tally) {
        DropReason reason = format.dropReason(row);
        if (reason != null) {
            tally.drop(reason);
            return false;
        }
        return rows.add(row);
    }

    private void bad(Path file, long line, RowException problem, RowCounts tally) {
        String located = file + ":" + line + ": " + problem.reason();
        if (onBadRow == OnBadRow.FAIL) {
            throw new DataException(located, problem);
        }
        tally.skip(located);
    }

    private static void refuseJsonArray(Path file, long line, String text) {
        if (line == 1 && text.stripLeading().startsWith("[")) {
            throw DataException.at(file, line, "expected JSON lines (one object per line), found a JSON list");
        }
    }
}
