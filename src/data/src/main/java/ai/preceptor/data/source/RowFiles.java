package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The files that a path stands for, all of one format, in the order in which they are read.
 *
 * <p>A path is a file; a folder, which stands for all files of rows below it, by name; a glob such as {@code
 * shards/train-*.parquet}, where {@code **} also goes into folders; or several of these, {@code {a.jsonl,more/*.jsonl}}, in
 * this order. What exists under a name is that, whatever characters the name has.
 *
 * @param given the path as it was given
 * @param files at least one
 * @param format of all of them
 */
public record RowFiles(Path given, List<Path> files, RowFileFormat format) {
    private static final int SIGNATURE = 16;

    /** Copies the list. */
    public RowFiles {
        files = List.copyOf(files);
    }

    /**
     * Finds them, among the formats that are on the class path.
     *
     * @throws DataException if there is none, or if they are of several formats; it says what was looked for and what is near
     */
    public static RowFiles of(Path given) {
        return of(given, formats());
    }

    /** The same, among these formats. */
    public static RowFiles of(Path given, List<RowFileFormat> formats) {
        List<Path> files = new ShardSearch(formats).files(given);
        RowFileFormat format = null;
        for (Path file : files) {
            RowFileFormat own = format(file, formats);
            if (format != null && !own.name().equals(format.name())) {
                throw DataException.in(
                        given,
                        "expected files of one format, found " + format.name() + " (" + files.get(0) + ") and "
                                + own.name() + " (" + file + "); give a glob that matches one of them");
            }
            format = own;
        }
        if (format == null) {
            throw new IllegalStateException("a search finds a file or throws");
        }
        return new RowFiles(given, files, format);
    }

    /** All formats: JSON lines, CSV, and those found as services. */
    public static List<RowFileFormat> formats() {
        List<RowFileFormat> formats = new ArrayList<>();
        formats.add(new JsonLines());
        formats.add(new Csv());
        ServiceLoader.load(RowFileFormat.class, RowFileFormat.class.getClassLoader())
                .forEach(formats::add);
        return formats;
    }

    private static RowFileFormat format(Path file, List<RowFileFormat> formats) {
        byte[] start = Files.isRegularFile(file) ? start(file) : new byte[0];
        for (RowFileFormat format : formats) {
            if (format.recognizes(start)) {
                return format;
            }
        }
        RowFileFormat named = ShardSearch.named(file, formats);
        return named == null ? formats.get(0) : named;
    }

    /** Nothing of a file that cannot be read: it is refused when it is opened. */
    private static byte[] start(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(SIGNATURE);
        } catch (IOException unreadable) {
            return new byte[0];
        }
    }

    /** Opens them all, one after another. */
    public RowCursor open() {
        return new Shards();
    }

    /**
     * The number of rows, or {@code most} if there are more; reads no more rows than that, and none of a format whose files
     * say how many they have.
     *
     * @throws DataException if a file cannot be read
     */
    public long rows(long most) {
        long count = 0;
        for (Path file : files) {
            if (count >= most) {
                break;
            }
            OptionalLong said = format.rows(file);
            count += said.isPresent() ? said.getAsLong() : counted(file, most - count);
        }
        return Math.min(count, most);
    }

    private long counted(Path file, long most) {
        long count = 0;
        try (RowCursor cursor = format.open(file)) {
            while (count < most && cursor.advance()) {
                count++;
            }
        }
        return count;
    }

    private final class Shards implements RowCursor {
        private int next;
        private @Nullable RowCursor current;

        @Override
        public boolean advance() {
            while (true) {
                if (current == null) {
                    if (next == files.size()) {
                        return false;
                    }
                    current = format.open(files.get(next++));
                }
                if (current.advance()) {
                    return true;
                }
                if (next == files.size()) {
                    return false;
                }
                current.close();
                current = null;
            }
        }

        private RowCursor current() {
            if (current == null) {
                throw new IllegalStateException("no row yet");
            }
            return current;
        }

        @Override
        public RowPlace place() {
            return current().place();
        }

        @Override
        public String text() throws RowException {
            return current().text();
        }

        @Override
        public void close() {
            if (current != null) {
                current.close();
            }
        }
    }
}
