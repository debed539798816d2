package ai.preceptor.data.files;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes a disk that failed during a run (full, over its quota, broken) from a place that was never writable: in
 * the first case the same command succeeds once there is room.
 */
public final class DiskFailure {
    /** What Linux, macOS, Windows and SQLite say; Java passes the system's words on and no number. */
    private static final List<String> SAID = List.of(
            "no space left",
            "not enough space",
            "disk is full",
            "quota exceeded",
            "file too large",
            "input/output error",
            "sqlite_full",
            "sqlite_ioerr");

    private DiskFailure() {}

    /** Whether {@code failure}, or what caused it, is one. */
    public static boolean isIn(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean system = cause instanceof IOException || cause instanceof SQLException;
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (system && SAID.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
