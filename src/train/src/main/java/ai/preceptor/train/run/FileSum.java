package ai.preceptor.train.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Size and checksum of a file at the time of writing. CRC-32C finds every single flipped bit and all but one in four
 * billion other damages, at the speed of memory; it guards against bad disks and truncated copies, not against forgery.
 *
 * @param bytes its size
 * @param crc32c its checksum in hexadecimal; null in checkpoints written before there were any
 */
public record FileSum(long bytes, @Nullable String crc32c) {
    private static final int BLOCK = 1 << 20;

    /** Reads the whole file. */
    public static FileSum of(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        long bytes = 0;
        byte[] block = new byte[BLOCK];
        // No channel: an interrupt of the thread would close it, and an interrupted run has to save its state.
        try (InputStream in = new FileInputStream(file.toFile())) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                checksum.update(block, 0, read);
                bytes += read;
            }
        }
        return new FileSum(bytes, hex(checksum));
    }

    /** The checksum of what lies in memory. */
    static String checksum(byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content, 0, content.length);
        return hex(checksum);
    }

    private static String hex(CRC32C checksum) {
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
