package ai.preceptor.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Columns of the terminal's window, which may change: asked for once at the start, and then again in the background, not
 * more often than every second. Java cannot ask itself; {@code stty} can.
 */
final class WindowWidth implements IntSupplier {
    private static final int USUAL = 80;
    private static final int LEAST = 20;
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Supplier<OptionalInt> window;
    private final LongSupplier nanoClock;
    private final int otherwise;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile int width;
    private volatile long askedAt;

    /**
     * A window.
     *
     * @param window asks for its columns, which takes a moment
     * @param otherwise columns where it does not say
     * @param nanoClock nanoseconds of a monotonic clock
     */
    WindowWidth(Supplier<OptionalInt> window, int otherwise, LongSupplier nanoClock) {
        this.window = window;
        this.otherwise = otherwise;
        this.nanoClock = nanoClock;
        ask();
    }

    private void ask() {
        width = Math.max(LEAST, window.get().orElse(otherwise));
        askedAt = nanoClock.getAsLong();
    }

    @Override
    public int getAsInt() {
        if (nanoClock.getAsLong() - askedAt >= PAUSE_NANOS && asking.compareAndSet(false, true)) {
            Thread thread = new Thread(
                    () -> {
                        ask();
                        asking.set(false);
                    },
                    "window width");
            thread.setDaemon(true);
            thread.start();
        }
        return width;
    }

    /** What the environment says, else 80. */
    static int told(@Nullable String columns) {
        if (columns == null || !columns.matches("[0-9]{1,4}")) {
            return USUAL;
        }
        int width = Integer.parseInt(columns);
        return width == 0 ? USUAL : Math.max(LEAST, width);
    }

    /** What this process's terminal says; nothing without one. */
    static OptionalInt ofTerminal() {
        try {
            Process stty = new ProcessBuilder("sh", "-c", "stty size </dev/tty 2>/dev/null").start();
            try {
                if (!stty.waitFor(2, TimeUnit.SECONDS)) {
                    return OptionalInt.empty();
                }
                String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return said.matches("[0-9]+ [1-9][0-9]{0,3}")
                        ? OptionalInt.of(Integer.parseInt(said.substring(said.indexOf(' ') + 1)))
                        : OptionalInt.empty();
            } finally {
                stty.destroy();
            }
        } catch (IOException e) {
            return OptionalInt.empty(); // no shell: the environment decides
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }
}
