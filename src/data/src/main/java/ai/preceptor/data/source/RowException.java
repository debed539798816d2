package ai.preceptor.data.source;

/** A row that breaks its format; whoever reads the file adds the {@link RowPlace}. */
public final class RowException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason what was expected and what was found */
    public RowException(String reason) {
        super(reason);
    }

    /** A problem with one key: {@code key "chosen": expected string or list of messages, found number 3}. */
    public static RowException key(String key, String expected, String found) {
        return new RowException("key \"" + key + "\": expected " + expected + ", found " + found);
    }

    /** What was expected and what was found. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
