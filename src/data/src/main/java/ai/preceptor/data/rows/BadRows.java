package ai.preceptor.data.rows;

import ai.preceptor.data.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bad rows of one reading that ends because of them, reported together up to a limit. */
final class BadRows {
    /** With so many, reading ends: a file of another format has nothing but bad rows. */
    static final int LIMIT = 20;

    private final List<String> located = new ArrayList<>();
    private @Nullable Exception first;

    /**
     * Notes one.
     *
     * @param problem with file and line
     * @param cause if there is one
     */
    void add(String problem, @Nullable Exception cause) {
        if (located.isEmpty()) {
            first = cause;
        }
        located.add(problem);
    }

    /** Whether no more are reported. */
    boolean isFull() {
        return located.size() >= LIMIT;
    }

    /** @throws DataException with all of them, a line each, when there is any */
    void throwIfAny() {
        if (located.isEmpty()) {
            return;
        }
        String message = located.get(0);
        if (located.size() > 1) {
            String count = isFull() ? "the first " + located.size() : String.valueOf(located.size());
            message = count + " invalid rows (on_bad_row=skip leaves such rows out)\n" + String.join("\n", located);
        }
        throw first == null ? new DataException(message) : new DataException(message, first);
    }
}
