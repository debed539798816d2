package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * A file's metadata, decoded when asked for: a vocabulary that is not read costs nothing. What a file has no key for is
 * empty; a value of another kind than the one asked for is a {@link DataException} that names file, position and key.
 */
public final class GgufMetadata {
    /** A value that was found: where it starts, and the kind it has. */
    private record Entry(GgufKind kind, int position) {}

    private final GgufCursor file;
    private final Map<String, Entry> entries;

    private GgufMetadata(GgufCursor file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /** Passes over so many pairs of key and value. */
    static GgufMetadata read(GgufCursor cursor, int count) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int at = cursor.position();
            String key = cursor.string("the key of metadata " + i + " of " + count);
            String what = "\"" + key + "\"";
            GgufKind kind = GgufKind.read(cursor, what);
            Entry entry = new Entry(kind, cursor.position());
            kind.skip(cursor, what, 0);
            if (entries.put(key, entry) != null) {
                throw cursor.broken(at, "key " + what + " is there twice");
            }
        }
        return new GgufMetadata(cursor, entries);
    }

    /** Whether there is such a key. */
    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** A string. */
    public Optional<String> text(String key) {
        return find(key, kind -> kind == GgufKind.STRING, "a string")
                .map(entry -> file.at(entry.position()).string("\"" + key + "\""));
    }

    /** The same for a key that must be there. */
    public String requireText(String key) {
        return text(key).orElseThrow(() -> missing(key, "a string"));
    }

    /** A whole number from 0 on; 2^63 and more are refused. */
    public OptionalLong whole(String key) {
        Optional<Entry> found = find(key, GgufKind::isWhole, "a whole number");
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        GgufKind kind = found.get().kind();
        long value = kind.whole(file.at(found.get().position()), key);
        if (value < 0) {
            throw broken(
                    key,
                    "expected a whole number from 0 to 2^63 - 1, found "
                            + (kind == GgufKind.UINT64 ? Long.toUnsignedString(value) : "" + value));
        }
        return OptionalLong.of(value);
    }

    /** The same for a key that must be there. */
    public long requireWhole(String key) {
        return whole(key).orElseThrow(() -> missing(key, "a whole number"));
    }

    private DataException missing(String key, String what) {
        return file.broken(file.position(), "the metadata ends here without key \"" + key + "\" (" + what + ")");
    }

    /** A number. Float32 values come as the shortest decimal that reads as the same float32: 1e-5, not 9.99999974e-6. */
    public OptionalDouble number(String key) {
        Optional<Entry> found = find(key, GgufKind::isNumber, "a number");
        if (found.isEmpty()) {
            return OptionalDouble.empty();
        }
        GgufCursor value = file.at(found.get().position());
        return OptionalDouble.of(
                switch (found.get().kind()) {
                    case FLOAT64 -> Double.longBitsToDouble(value.number(8, key));
                    case FLOAT32 -> Double.parseDouble(Float.toString(Float.intBitsToFloat(value.int32(key))));
                    default -> (double) requireWhole(key);
                });
    }

    /** A truth value. */
    public Optional<Boolean> flag(String key) {
        return find(key, kind -> kind == GgufKind.BOOL, "true or false")
                .map(entry -> file.at(entry.position()).number(1, key) != 0);
    }

    /** A list of strings. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        list(key, GgufKind.STRING, "a list of strings").ifPresent(list -> {
            for (int left = list.count("the number of elements of " + key, 8); left > 0; left--) {
                texts.add(list.string("an element of \"" + key + "\""));
            }
        });
        return texts;
    }

    /** A list of whole numbers of 32 bits. */
    public int[] ints(String key) {
        return words(key, GgufKind.INT32, "a list of int32");
    }

    /** A list of float32. */
    public float[] floats(String key) {
        int[] bits = words(key, GgufKind.FLOAT32, "a list of float32");
        float[] values = new float[bits.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i]);
        }
        return values;
    }

    private int[] words(String key, GgufKind kind, String what) {
        return list(key, kind, what)
                .map(list -> {
                    int[] words = new int[list.count(key, 4)];
                    Arrays.setAll(words, i -> list.int32(key));
                    return words;
                })
                .orElseGet(() -> new int[0]);
    }

    /** An objection to the value of a key, or to the whole metadata when there is no such key. */
    public DataException broken(String key, String what) {
        Entry entry = entries.get(key);
        return file.broken(entry == null ? file.position() : entry.position(), "key \"" + key + "\": " + what);
    }

    private Optional<GgufCursor> list(String key, GgufKind wanted, String what) {
        return find(key, kind -> kind == GgufKind.ARRAY, what).map(entry -> {
            GgufCursor list = file.at(entry.position());
            GgufKind found = GgufKind.read(list, key);
            if (found != wanted && !(wanted == GgufKind.INT32 && found == GgufKind.UINT32)) {
                throw broken(key, "expected " + what + ", found a list of " + found);
            }
            return list;
        });
    }

    private Optional<Entry> find(String key, Predicate<GgufKind> fits, String expected) {
        Optional<Entry> entry = Optional.ofNullable(entries.get(key));
        if (entry.isPresent() && !fits.test(entry.get().kind())) {
            throw broken(key, "expected " + expected + ", found " + entry.get().kind());
        }
        return entry;
    }
}
