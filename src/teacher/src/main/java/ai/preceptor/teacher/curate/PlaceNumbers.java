package ai.preceptor.teacher.curate;

import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.data.source.RowPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where earlier rows stand, as numbers of eight bytes: of many rows, places take too much memory. */
final class PlaceNumbers {
    private static final int LINE_BITS = 40;

    private final Map<Path, Integer> numbers = new HashMap<>();

    /** A row of each file. */
    private final List<RowPlace> files = new ArrayList<>();

    /** The number of a row's place, 0 or more. */
    long of(SourceRow row) {
        RowPlace place = row.place();
        int file = numbers.computeIfAbsent(place.file(), path -> {
            files.add(place);
            return files.size() - 1;
        });
        return ((long) file << LINE_BITS) | place.number();
    }

    /** The place in the words of a later row: {@code line 17}, or with the file if that is another one. */
    String seenFrom(SourceRow row, long number) {
        RowPlace known = files.get((int) (number >>> LINE_BITS));
        long line = number & ((1L << LINE_BITS) - 1);
        if (known.file().equals(row.place().file())) {
            return (known.isLine() ? "line " : "row ") + line;
        }
        return new RowPlace(known.file(), line, known.isLine()).toString();
    }
}
