package ai.preceptor.track.tensorboard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of TFRecords. A record is its length (8 bytes, little-endian), the length's checksum, the bytes and their checksum,
 * where a checksum is a masked CRC-32C (TensorFlow, {@code tensorflow/core/lib/io/record_writer.h}).
 */
final class RecordFile implements Closeable {
    private static final int MASK = 0xa282ead8;
    private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;

    private final SeekableByteChannel out;

    /** @param out empty; it is closed with this */
    RecordFile(SeekableByteChannel out) {
        this.out = out;
    }

    /** Makes files. */
    interface Opener {
        /** Makes a new file, which must not exist. */
        SeekableByteChannel open(Path file) throws IOException;
    }

    /** Makes a new file on disk. */
    static SeekableByteChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Adds records: all of them, or none if that fails. */
    void add(List<Protobuf> messages) throws IOException {
        List<byte[]> records = messages.stream().map(Protobuf::toBytes).toList();
        ByteBuffer buffer = ByteBuffer.allocate(records.stream()
                        .mapToInt(record -> record.length + FRAME)
                        .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] record : records) {
            byte[] length = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(record.length)
                    .array();
            buffer.put(length).putInt(checksum(length)).put(record).putInt(checksum(record));
        }
        buffer.flip();
        long end = out.position();
        try {
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
        } catch (IOException e) {
            try {
                out.truncate(end);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Of TFRecords. */
    static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
