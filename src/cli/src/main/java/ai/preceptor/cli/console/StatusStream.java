package ai.preceptor.cli.console;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard error with a last line that is written over. Whatever else is printed clears that line first, so that warnings
 * and progress never share one; the next progress shows it again. No escape codes: a line is cleared with spaces.
 */
final class StatusStream extends OutputStream {
    private final PrintStream to;
    private int shown;

    StatusStream(PrintStream to) {
        this.to = to;
    }

    /** Shows a line in the place of the last one. */
    synchronized void show(String line) {
        to.print('\r' + line + " ".repeat(Math.max(0, shown - line.length())));
        to.flush();
        shown = line.length();
    }

    /** Leaves the line that is shown, if any, where it is. */
    synchronized void leave() {
        if (shown > 0) {
            to.println();
            shown = 0;
        }
    }

    private void clear() {
        if (shown > 0) {
            to.print('\r' + " ".repeat(shown) + '\r');
            shown = 0;
        }
    }

    @Override
    public synchronized void write(int one) {
        clear();
        to.write(one);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (length > 0) {
            clear();
            to.write(bytes, offset, length);
        }
    }

    @Override
    public synchronized void flush() {
        to.flush();
    }
}
