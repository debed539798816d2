package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A file's metadata, decoded when asked for: a vocabulary that nobody reads costs nothing. */
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

    /**
     * A string.
     *
     * @return empty when there is no such key
     * @throws DataException naming file, position and key when the value is something else
     */
    public Optional<String> text(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> {
            check(key, entry, entry.kind() == GgufKind.STRING, "a string");
            return file.at(entry.position()).string("\"" + key + "\"");
        });
    }

    /**
     * A whole number from 0 on.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else, or 2^63 and more
     */
    public OptionalLong whole(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalLong.empty();
        }
        check(key, entry, entry.kind().whole(), "a whole number");
        long value = whole(entry.kind(), file.at(entry.position()), key);
        if (value < 0) {
            throw file.broken(
                    entry.position(),
                    "key \"" + key + "\": expected a whole number from 0 to 2^63 - 1, found "
                            + (entry.kind() == GgufKind.UINT64 ? Long.toUnsignedString(value) : "" + value));
        }
        return OptionalLong.of(value);
    }

    /** The same for a key that must be there. */
    public long requireWhole(String key) {
        return whole(key)
                .orElseThrow(() -> file.broken(
                        file.position(), "the metadata ends here without key \"" + key + "\" (a whole number)"));
    }

    /** The same for a string. */
    public String requireText(String key) {
        return text(key)
                .orElseThrow(() ->
                        file.broken(file.position(), "the metadata ends here without key \"" + key + "\" (a string)"));
    }

    /**
     * A number. Float32 values come as the shortest decimal that reads as the same float32: 1e-5, not 9.99999974e-6.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else
     */
    public OptionalDouble number(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalDouble.empty();
        }
        if (entry.kind().whole()) {
            return OptionalDouble.of((double) whole(key).orElseThrow());
        }
        check(key, entry, entry.kind() == GgufKind.FLOAT32 || entry.kind() == GgufKind.FLOAT64, "a number");
        GgufCursor value = file.at(entry.position());
        return OptionalDouble.of(
                entry.kind() == GgufKind.FLOAT64
                        ? Double.longBitsToDouble(value.int64(key))
                        : Double.parseDouble(Float.toString(Float.intBitsToFloat(value.int32(key)))));
    }

    /**
     * A truth value.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else
     */
    public Optional<Boolean> flag(String key) {
        return Optional.ofNullable(entries.get(key)).map(entry -> {
            check(key, entry, entry.kind() == GgufKind.BOOL, "true or false");
            return file.at(entry.position()).int8(key) != 0;
        });
    }

    /**
     * A list of strings.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else
     */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        Entry entry = entries.get(key);
        if (entry != null) {
            GgufCursor list = list(key, entry, GgufKind.STRING, "a list of strings");
            for (int left = list.count("the number of elements of " + key, 8); left > 0; left--) {
                texts.add(list.string("an element of \"" + key + "\""));
            }
        }
        return texts;
    }

    /**
     * A list of whole numbers of 32 bits.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else
     */
    public int[] ints(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return new int[0];
        }
        GgufCursor list = list(key, entry, GgufKind.INT32, "a list of int32");
        int[] values = new int[list.count(key, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.int32(key);
        }
        return values;
    }

    /**
     * A list of float32.
     *
     * @return empty when there is no such key
     * @throws DataException when the value is something else
     */
    public float[] floats(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return new float[0];
        }
        GgufCursor list = list(key, entry, GgufKind.FLOAT32, "a list of float32");
        float[] values = new float[list.count(key, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(list.int32(key));
        }
        return values;
    }

    /** An objection to the value of a key, or to the whole metadata when there is no such key. */
    public DataException broken(String key, String what) {
        Entry entry = entries.get(key);
        return file.broken(entry == null ? file.position() : entry.position(), "key \"" + key + "\": " + what);
    }

    private GgufCursor list(String key, Entry entry, GgufKind wanted, String what) {
        check(key, entry, entry.kind() == GgufKind.ARRAY, what);
        GgufCursor list = file.at(entry.position());
        GgufKind found = GgufKind.read(list, key);
        if (found != wanted && !(wanted == GgufKind.INT32 && found == GgufKind.UINT32)) {
            throw broken(key, "expected " + what + ", found a list of " + found);
        }
        return list;
    }

    private void check(String key, Entry entry, boolean fits, String expected) {
        if (!fits) {
            throw broken(key, "expected " + expected + ", found " + entry.kind());
        }
    }

    private static long whole(GgufKind kind, GgufCursor at, String key) {
        return switch (kind) {
            case UINT8 -> at.int8(key) & 0xffL;
            case INT8 -> at.int8(key);
            case UINT16 -> at.int16(key) & 0xffffL;
            case INT16 -> at.int16(key);
            case UINT32 -> at.int32(key) & 0xffff_ffffL;
            case INT32 -> at.int32(key);
            case UINT64, INT64 -> at.int64(key);
            default -> throw new IllegalStateException(kind + " is not a whole number");
        };
    }
}
