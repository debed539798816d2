package ai.preceptor.data.rows;

/** A row that breaks its format; the reader adds file and line. */
final class RowException extends Exception {
    private static final long serialVersionUID = 1L;

    RowException(String reason) {
        super(reason);
    }

    /** A problem with one key: {@code key "chosen": expected string or list of messages, found number 3}. */
    static RowException key(String key, String expected, String found) {
        return new RowException("key \"" + key + "\": expected " + expected + ", found " + found);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
