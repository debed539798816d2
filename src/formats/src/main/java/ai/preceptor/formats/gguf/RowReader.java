package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** Reads a tensor by rows: finds each in the file, decodes its blocks, and keeps the part that was asked for. */
final class RowReader {
    /** Rows that are read in one piece: their raw bytes, and the numbers of one row, are all that is held. */
    private static final int PIECE = 1 << 20;

    private static final int MAX_WIDTH = 1 << 26;

    private final GgufFile file;
    private final GgufTensor tensor;
    private final RowOrder order;
    private final int elementBytes;
    private final int width;
    private final int rawRow;

    /** @param elementBytes bytes of one decoded number */
    RowReader(GgufFile file, GgufTensor tensor, RowOrder order, int elementBytes) {
        this.file = file;
        this.tensor = tensor;
        this.order = order;
        this.elementBytes = elementBytes;
        int rank = tensor.dimensions().size();
        // Of a bias each number is a row.
        boolean bias = rank == 1 && !order.asStored();
        long row = bias ? 1 : tensor.dimensions().get(rank - 1);
        if (row > MAX_WIDTH) {
            throw DataException.in(
                    file.path(),
                    "tensor \"" + tensor.name() + "\": expected rows of at most " + MAX_WIDTH + " numbers, found "
                            + row);
        }
        this.width = (int) row;
        GgufType type = tensor.type();
        this.rawRow = Math.multiplyExact(width / type.blockElements(), type.blockBytes());
    }

    /** Fills a buffer with decoded bytes from a byte of the tensor on; both ends may lie inside a row. */
    void read(long from, ByteBuffer into) {
        long rowBytes = (long) width * elementBytes;
        int piece = (int) Math.max(1, Math.min(PIECE / rawRow, into.remaining() / rowBytes + 2));
        while (into.hasRemaining()) {
            long first = from / rowBytes;
            long last = Math.min(first + piece - 1, (from + into.remaining() - 1) / rowBytes);
            long end = Math.min(from + into.remaining(), (last + 1) * rowBytes);
            byte[] raw = raw(first, (int) (last - first + 1));
            decode(raw, first, from, into.slice(into.position(), (int) (end - from)));
            into.position(into.position() + (int) (end - from));
            from = end;
        }
    }

    private byte[] raw(long first, int rows) {
        byte[] raw = new byte[rows * rawRow];
        if (order.asStored()) {
            file.read(tensor, first * rawRow, ByteBuffer.wrap(raw));
            return raw;
        }
        for (int i = 0; i < rows; i++) {
            file.read(tensor, order.stored(first + i) * rawRow, ByteBuffer.wrap(raw, i * rawRow, rawRow));
        }
        return raw;
    }

    /** Writes rows into the part of them that begins at byte {@code from} of the tensor; rows are independent. */
    private void decode(byte[] raw, long first, long from, ByteBuffer part) {
        int rows = raw.length / rawRow;
        IntStream.range(0, rows).parallel().forEach(i -> {
            ByteBuffer row = row(raw, i * rawRow);
            long start = (first + i) * width * elementBytes - from;
            int skipped = (int) Math.max(0, -start);
            int at = (int) Math.max(0, start);
            int count = Math.min(row.remaining() - skipped, part.capacity() - at);
            part.put(at, row, skipped, count);
        });
    }

    private ByteBuffer row(byte[] raw, int at) {
        if (tensor.type().plain()) {
            return ByteBuffer.wrap(raw, at, rawRow).slice();
        }
        QuantizedBlocks.BlockDecoder decoder = tensor.type().decoder();
        int elements = tensor.type().blockElements();
        float[] numbers = new float[width];
        for (int block = 0; block * elements < width; block++) {
            decoder.decode(raw, at + block * tensor.type().blockBytes(), numbers, block * elements);
        }
        ByteBuffer bytes = ByteBuffer.allocate(4 * width).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(numbers);
        return bytes;
    }
}
