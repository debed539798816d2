package ai.preceptor.parquet;

import java.io.IOException;
import java.io.Writer;

/** Collects text of a row, which a small file can repeat without end; at most as many characters as a line of JSON has bytes. */
final class BoundedText extends Writer {
    private static final int MOST = 1 << 26;

    private final StringBuilder text = new StringBuilder();

    @Override
    public void write(char[] from, int offset, int length) throws IOException {
        if (text.length() + length > MOST) {
            throw new FullException();
        }
        text.append(from, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }

    /** No more text fits. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
