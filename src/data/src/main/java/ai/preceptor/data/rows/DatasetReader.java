package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.data.source.RowPlace;
import ai.preceptor.data.source.RowPlaces;
import ai.preceptor.data.source.RowStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of rows of one format, row by row.
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
    Dataset<R> read(Path path, int maxRows, OnBadRow onBadRow) {
        RowFiles files = RowFiles.of(path);
        return read(files, maxRows, onBadRow, files.areLarge());
    }

    /** @param large whether rows are to be kept on the disk, and parsed again each time one is asked for */
    Dataset<R> read(RowFiles files, int maxRows, OnBadRow onBadRow, boolean large) {
        RowCounts counts = new RowCounts();
        BadRows bad = new BadRows();
        Kept<R> kept = large ? new OnDisk<>(parser) : new InMemory<>(new ArrayList<>());
        RowPlaces places = new RowPlaces();
        try (RowCursor cursor = files.open()) {
            while ((maxRows <= 0 || counts.rowsRead() < maxRows) && !bad.isFull() && cursor.advance()) {
                counts.read();
                try {
                    Row source = row(cursor);
                    R row = parser.parse(source);
                    DropReason reason = dropRule.reason(row);
                    if (reason == null) {
                        kept.add(row, source);
                        places.add(cursor.place());
                    } else {
                        counts.drop(reason);
                    }
                } catch (RowException e) {
                    String located = cursor.place() + ": " + e.reason();
                    if (onBadRow == OnBadRow.FAIL) {
                        bad.add(located, e);
                    } else {
                        counts.skip(located);
                    }
                }
            }
        }
        bad.throwIfAny();
        List<R> rows = kept.list();
        if (rows.isEmpty()) {
            throw DataException.in(files.given(), "nothing to learn from: " + counts.whyNothingIsLeft());
        }
        return new Dataset<>(rows, places.list(), counts.report());
    }

    /** The current row's object. */
    static Row row(RowCursor cursor) throws RowException {
        String text = cursor.text();
        return new Row(JsonRows.parse(text), cursor.place(), text);
    }

    /** Rows that are kept while they are read. */
    private interface Kept<R> {
        void add(R row, Row source);

        List<R> list();
    }

    private record InMemory<R>(List<R> rows) implements Kept<R> {
        @Override
        public void add(R row, Row source) {
            rows.add(row);
        }

        @Override
        public List<R> list() {
            return rows;
        }
    }

    private static final class OnDisk<R> implements Kept<R> {
        private final Parser<R> parser;
        private final RowStore store = RowStore.create();
        private final RowPlaces places = new RowPlaces();

        OnDisk(Parser<R> parser) {
            this.parser = parser;
        }

        @Override
        public void add(R row, Row source) {
            store.add(source.source());
            places.add(source.place());
        }

        @Override
        public List<R> list() {
            store.finish();
            List<RowPlace> all = places.list();
            return new LazyRows<>(store.size(), i -> again(all.get(i), store.get(i)));
        }

        private R again(RowPlace place, String text) {
            try {
                return parser.parse(new Row(JsonRows.parse(text), place, text));
            } catch (RowException e) {
                throw new IllegalStateException(place + ": was read before", e);
            }
        }
    }
}
