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
    private static final long MOST_IN_MEMORY = 1L << 26;
    /** The part of the heap that rows may take. They are objects, a few times as large as their text. */
    private static final int HEAP_SHARE = 32;
    /** Memory of a row beside its text, in characters. */
    private static final int ROW_COST = 256;

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
        return read(RowFiles.of(path), maxRows, onBadRow, inMemory());
    }

    private static long inMemory() {
        return Math.min(MOST_IN_MEMORY, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /**
     * @param inMemory characters of rows, and 256 more a row, after which further rows are kept on the disk, and parsed each
     *     time one is asked for
     */
    Dataset<R> read(RowFiles files, int maxRows, OnBadRow onBadRow, long inMemory) {
        RowCounts counts = new RowCounts();
        BadRows bad = new BadRows();
        Kept<R> kept = new Kept<>(parser, inMemory);
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
        List<RowPlace> from = places.list();
        List<R> rows = kept.list(from);
        if (rows.isEmpty()) {
            throw DataException.in(files.given(), "nothing to learn from: " + counts.whyNothingIsLeft());
        }
        return new Dataset<>(rows, from, counts.report());
    }

    /** The current row's object. */
    static Row row(RowCursor cursor) throws RowException {
        String text = cursor.text();
        return new Row(JsonRows.parse(text), cursor.place(), text);
    }

    /** Rows that are kept while they are read: the first ones in memory, the others as text on the disk. */
    private static final class Kept<R> {
        private final Parser<R> parser;
        private final long inMemory;
        private final List<R> first = new ArrayList<>();
        private long characters;
        private @Nullable RowStore others;

        Kept(Parser<R> parser, long inMemory) {
            this.parser = parser;
            this.inMemory = inMemory;
        }

        void add(R row, Row source) {
            characters += ROW_COST + source.source().length();
            if (characters <= inMemory) {
                first.add(row);
                return;
            }
            if (others == null) {
                others = RowStore.create();
            }
            others.add(source.source());
        }

        /** @param places of all rows */
        List<R> list(List<RowPlace> places) {
            RowStore store = others;
            if (store == null) {
                return first;
            }
            store.finish();
            int start = first.size();
            return new LazyRows<>(
                    start + store.size(), i -> i < start ? first.get(i) : again(places.get(i), store.get(i - start)));
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
