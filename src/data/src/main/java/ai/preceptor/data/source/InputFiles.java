package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.IoReason;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Opens text files, unpacks gzip by its magic number regardless of the file's name, and refuses files that are not
 * text.
 */
final class InputFiles {
    private static final int BUFFER = 1 << 16;
    private static final int SNIFFED = 1 << 12;

    /** Of UTF-8, as ISO 8859-1. */
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private InputFiles() {}

    /**
     * The file's text as bytes, without gzip and without a byte order mark.
     *
     * @param format that is expected, for messages
     * @throws DataException if the file is missing, a directory, unreadable, or not text
     */
    static InputStream open(Path file, String format) {
        if (Files.isDirectory(file)) {
            throw DataException.in(file, "expected a file of " + format + ", found a directory");
        }
        if (!Files.exists(file)) {
            throw DataException.in(file, "no such file" + neighbour(file));
        }
        InputStream raw = null;
        try {
            raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
            raw.mark(2);
            boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return checked(file, format, gzip ? new GZIPInputStream(raw, BUFFER) : raw);
        } catch (IOException e) {
            close(raw, e);
            throw new DataException(file + ": cannot be read: " + readFailure(e), e);
        } catch (DataException e) {
            close(raw, e);
            throw e;
        }
    }

    /** What went wrong while reading, in words. */
    static String readFailure(IOException e) {
        if (e instanceof EOFException) {
            return "the gzip data end too early; the file is truncated";
        }
        if (e instanceof ZipException) {
            return "the gzip data are damaged (" + e.getMessage() + ")";
        }
        return IoReason.of(e);
    }

    /** The usual mistake: the file is there, but packed (or unpacked). */
    private static String neighbour(Path file) {
        String name = String.valueOf(file.getFileName());
        String other = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name + ".gz";
        return Files.isRegularFile(file.resolveSibling(other)) ? "; but there is " + other : "";
    }

    /**
     * Looks at the beginning. The stream put together again hands over what can be unpacked before the
     * damage, which a buffered one would not.
     */
    private static InputStream checked(Path file, String format, InputStream text) throws IOException {
        byte[] start = text.readNBytes(SNIFFED);
        String found = FileSignature.recognise(start);
        if (found != null) {
            throw DataException.in(file, "expected " + format + " (UTF-8, plain or gzip), found " + found);
        }
        int skipped = new String(start, StandardCharsets.ISO_8859_1).startsWith(BYTE_ORDER_MARK) ? 3 : 0;
        return new SequenceInputStream(new ByteArrayInputStream(start, skipped, start.length - skipped), text);
    }

    static void close(@Nullable Closeable stream, Exception cause) {
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Kinds of files that people pass by mistake, by their first bytes (here as ISO 8859-1). */
    private enum FileSignature {
        PARQUET("a Parquet file, which the artifact preceptor-parquet reads", "PAR1"),
        ZIP("a zip archive", "PK\u0003\u0004"),
        GGUF("a GGUF model", "GGUF"),
        BZIP2("a bzip2 file", "BZh"),
        ZSTD("a zstd file", "(\u00b5/\u00fd"),
        XZ("an xz file", "\u00fd7zXZ"),
        UTF16_LITTLE("UTF-16 text", "\u00ff\u00fe"),
        UTF16_BIG("UTF-16 text", "\u00fe\u00ff");

        private final String what;
        private final String signature;

        FileSignature(String what, String signature) {
            this.what = what;
            this.signature = signature;
        }

        /** What a file that starts like this is, or null if it may be text. */
        static @Nullable String recognise(byte[] start) {
            String text = new String(start, StandardCharsets.ISO_8859_1);
            for (FileSignature kind : values()) {
                if (text.startsWith(kind.signature)) {
                    return kind.what;
                }
            }
            return text.indexOf('\0') >= 0 ? "binary data" : null;
        }
    }
}
