package ai.preceptor.formats.gguf;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Kinds of metadata values, in the order of the numbers files give them; with the bytes of one, or 0 where they vary. */
enum GgufKind {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(0),
    ARRAY(0),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final int MAX_NESTING = 4;

    private final int size;

    GgufKind(int size) {
        this.size = size;
    }

    static GgufKind read(GgufCursor cursor, String what) {
        int at = cursor.position();
        int code = cursor.int32("the kind of " + what);
        if (code < 0 || code >= values().length) {
            throw cursor.broken(at, "the kind of " + what + ": expected " + names() + ", found " + code);
        }
        return values()[code];
    }

    private static String names() {
        return IntStream.range(0, values().length)
                .mapToObj(code -> code + " (" + values()[code] + ")")
                .collect(Collectors.joining(", "));
    }

    /** Whether a value is a whole number. */
    boolean isWhole() {
        return isNumber() && this != FLOAT32 && this != FLOAT64;
    }

    /** Whether a value is a number. */
    boolean isNumber() {
        return this != BOOL && this != STRING && this != ARRAY;
    }

    /** Reads a whole number; of uint64 the same 64 bits. */
    long whole(GgufCursor cursor, String what) {
        long value = cursor.number(size, what);
        boolean unsigned = this == UINT8 || this == UINT16 || this == UINT32;
        return unsigned ? value & ((1L << (8 * size)) - 1) : value;
    }

    /** Passes over a value, checking its lengths. */
    void skip(GgufCursor cursor, String what, int nesting) {
        if (this == STRING) {
            cursor.skip(cursor.count("the length of " + what, 1), what);
        } else if (this == ARRAY) {
            skipArray(cursor, what, nesting);
        } else {
            cursor.skip(size, what);
        }
    }

    private static void skipArray(GgufCursor cursor, String what, int nesting) {
        int at = cursor.position();
        GgufKind element = read(cursor, "the elements of " + what);
        if (element == ARRAY && nesting == MAX_NESTING) {
            throw cursor.broken(at, what + ": lists are nested more than " + MAX_NESTING + " deep");
        }
        int count = cursor.count("the number of elements of " + what, element.leastBytes());
        if (element.size > 0) {
            cursor.skip((long) count * element.size, what);
            return;
        }
        for (int i = 0; i < count; i++) {
            element.skip(cursor, what, nesting + 1);
        }
    }

    private int leastBytes() {
        return this == STRING ? 8 : this == ARRAY ? 12 : size;
    }
}
