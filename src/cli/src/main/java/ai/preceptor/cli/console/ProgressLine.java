package ai.preceptor.cli.console;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of one task. On a terminal it is one line that is written over; in a pipe it is a plain line now
 * and then, so that a log stays readable and a stalled job is seen to stall.
 */
public final class ProgressLine {
    private static final int BAR = 24;
    private static final int LEAST_BAR = 8;
    private static final double NANOS = 1e9;
    /** Rewriting a line more often than this only costs time. */
    private static final double TERMINAL_SECONDS = 0.1;

    private static final double PIPE_SECONDS = 20;

    private final Terminal terminal;
    private final String name;
    private final LongSupplier nanoClock;
    private final long began;
    private double shownAt = Double.NEGATIVE_INFINITY;
    private long doneBefore;

    /**
     * Starts the clock.
     *
     * @param terminal where to print
     * @param name what is being done, one word or two
     * @param nanoClock nanoseconds of a monotonic clock
     */
    public ProgressLine(Terminal terminal, String name, LongSupplier nanoClock) {
        this.terminal = terminal;
        this.name = name;
        this.nanoClock = nanoClock;
        this.began = nanoClock.getAsLong();
    }

    /**
     * Says how far the work is; prints only when the last time is long enough ago, and always at the end.
     *
     * @param done units done, in [0, total]
     * @param total units of the whole
     * @param details numbers worth watching, or nothing
     */
    public void update(long done, long total, String details) {
        double now = seconds();
        double pause = terminal.interactive() ? TERMINAL_SECONDS : PIPE_SECONDS;
        if (done < total && now - shownAt < pause) {
            return;
        }
        shownAt = now;
        if (terminal.interactive()) {
            rewrite(bar(done, total, details, now));
        } else {
            terminal.err().println(terminal.stamp().get() + plain(done, total, details, now));
        }
    }

    /** Says how much was done by an earlier run, which counts as done and not for the time left. */
    public void resume(long done) {
        doneBefore = done;
    }

    /** Ends the line that was being rewritten, if any. */
    public void close() {
        terminal.status().leave();
    }

    /** Prints a line of its own; the one that is being rewritten is shown again with the next update. */
    public void say(String line) {
        terminal.err().println(terminal.stamp().get() + line);
        shownAt = Double.NEGATIVE_INFINITY;
    }

    /** The time so far and, until the end, the time left: {@code 0:12<1:40}. */
    public String times(long done, long total) {
        return times(done, total, seconds());
    }

    private void rewrite(String line) {
        terminal.status().show(fit(line));
    }

    /** What fits into a line of the terminal: names of numbers with their numbers. */
    String fit(String line) {
        // The last column stays free: some terminals wrap as soon as it is written.
        int room = terminal.width() - 1;
        if (line.length() <= room) {
            return line;
        }
        int space = line.lastIndexOf(' ', room);
        String cut = line.substring(0, space > 0 ? space : room);
        return cut.replaceFirst(" +[a-zA-Z][^ ]*$", "");
    }

    private String bar(long done, long total, String details, double now) {
        String left = String.format(Locale.ROOT, "%-10s ", name);
        String right = " " + counts(done, total) + " " + times(done, total, now) + suffix(details);
        int room = Math.min(BAR, terminal.width() - 1 - left.length() - right.length() - 2);
        if (room < LEAST_BAR) {
            return left.stripTrailing() + right;
        }
        int filled = total == 0 ? room : (int) (room * done / total);
        return left + "[" + "#".repeat(filled) + "-".repeat(room - filled) + "]" + right;
    }

    private String plain(long done, long total, String details, double now) {
        return name + ": " + counts(done, total) + " " + times(done, total, now) + suffix(details);
    }

    private static String counts(long done, long total) {
        return String.format(Locale.ROOT, "%3d%% %d/%d", total == 0 ? 100 : 100 * done / total, done, total);
    }

    private String times(long done, long total, double elapsed) {
        long doneNow = done - doneBefore;
        if (doneNow <= 0 || done >= total) {
            return clock(elapsed);
        }
        return clock(elapsed) + "<" + clock(elapsed / doneNow * (total - done));
    }

    private static String suffix(String details) {
        return details.isEmpty() ? "" : "  " + details;
    }

    private static String clock(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    private double seconds() {
        return (nanoClock.getAsLong() - began) / NANOS;
    }
}
