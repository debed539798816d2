package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of one format, row by row.
 *
 * @param parser takes a row apart
 * @param dropRule says why nothing can be learnt from a well-formed row
 * @param <R> what a row becomes
 */
record DatasetReader<R>(Parser<R> parser, DropRule<R> dropRule) {

    /** Takes a row apart. */
    @FunctionalInterface
    interface Parser<R> {
        /** @throws RowException if the row breaks the format */
        R parse(Row row) throws RowException;
    }

    /** Which rows are left out. */
    @FunctionalInterface
    interface DropRule<R> {
        /** Why nothing can be learnt from a row, or null if something can. */
        @Nullable
        DropReason reason(R row);
    }

    /** @param maxRows how many data rows to read from the start, dropped ones included; 0 or less for all */
    Dataset<R> read(Path file, int maxRows, OnBadRow onBadRow) {
        RowCounts counts = new RowCounts();
        BadRows bad = new BadRows();
        List<R> rows = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        try (LineReader lines = LineReader.open(file)) {
            while ((maxRows <= 0 || counts.rowsRead() < maxRows) && !bad.isFull() && lines.advance()) {
                if (lines.blank()) {
                    continue;
                }
                counts.read();
                try {
                    R row = parser.parse(row(file, lines));
                    DropReason reason = dropRule.reason(row);
                    if (reason == null) {
                        rows.add(row);
                        numbers.add(lines.number());
                    } else {
                        counts.drop(reason);
                    }
                } catch (RowException e) {
                    String located = file + ":" + lines.number() + ": " + e.reason();
                    if (onBadRow == OnBadRow.FAIL) {
                        bad.add(located, e);
                    } else {
                        counts.skip(located);
                    }
                }
            }
        }
        bad.throwIfAny();
        if (rows.isEmpty()) {
            throw DataException.in(file, "nothing to learn from: " + counts.whyNothingIsLeft());
        }
        return new Dataset<>(rows, numbers, counts.report());
    }

    /** The line's object. */
    static Row row(Path file, LineReader lines) throws RowException {
        String line = lines.text();
        if (lines.number() == 1 && line.stripLeading().startsWith("[")) {
            throw DataException.at(file, 1, "expected JSON lines (one object per line), found a JSON list");
        }
        return new Row(JsonRows.parse(line), lines.number(), line);
    }
}
