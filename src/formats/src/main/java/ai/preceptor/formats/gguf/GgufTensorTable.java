package ai.preceptor.formats.gguf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of a header that lists tensors. By the format's rules they fill the rest of the file, each from the next
 * multiple of the alignment on, with no hole and no overlap.
 *
 * @param cursor behind the metadata
 * @param metadata for the alignment
 * @param count how many tensors follow
 * @param part which of the model's files this is, from 0 on
 */
record GgufTensorTable(GgufCursor cursor, GgufMetadata metadata, int count, int part) {
    /** Bytes that a tensor takes in the list at least: name, number of dimensions, one of them, type, offset. */
    static final int LEAST_BYTES = 8 + 4 + 8 + 4 + 8;

    private static final String ALIGNMENT = "general.alignment";
    private static final int MAX_DIMENSIONS = 4;

    /** A tensor as it is listed, with the place where that is. */
    private record Listed(GgufTensor tensor, int position) {}

    /** Reads and checks the list. */
    Map<String, GgufTensor> read(long fileBytes) {
        long alignment = alignment();
        Map<String, GgufTensor> tensors = new TreeMap<>();
        List<Listed> listed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = cursor.position();
            GgufTensor tensor = tensor(i, alignment);
            listed.add(new Listed(tensor, at));
            if (tensors.put(tensor.name(), tensor) != null) {
                throw cursor.broken(at, "tensor \"" + tensor.name() + "\" is there twice");
            }
        }
        long dataStart = align(cursor.position(), alignment);
        checkLayout(listed, alignment, dataStart, fileBytes);
        tensors.replaceAll((name, tensor) -> new GgufTensor(
                name, tensor.type(), tensor.dimensions(), dataStart + tensor.offset(), tensor.bytes(), part));
        return tensors;
    }

    private long alignment() {
        long alignment = metadata.whole(ALIGNMENT).orElse(32);
        if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
            throw metadata.broken(ALIGNMENT, "expected a power of two up to 2^20, found " + alignment);
        }
        return alignment;
    }

    private GgufTensor tensor(int index, long alignment) {
        String name = cursor.string("the name of tensor " + index + " of " + count);
        String what = "tensor \"" + name + "\"";
        int at = cursor.position();
        int rank = cursor.int32("the number of dimensions of " + what);
        if (rank < 1 || rank > MAX_DIMENSIONS) {
            throw cursor.broken(
                    at,
                    what + ": expected 1 to " + MAX_DIMENSIONS + " dimensions, found "
                            + Integer.toUnsignedString(rank));
        }
        List<Long> dimensions = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int here = cursor.position();
            long size = cursor.number(8, "dimension " + i + " of " + what);
            if (size < 1) {
                throw cursor.broken(
                        here, what + ": dimension " + i + ": expected 1 or more, found " + Long.toUnsignedString(size));
            }
            dimensions.add(0, size);
        }
        int typeAt = cursor.position();
        int code = cursor.int32("the type of " + what);
        GgufType type = GgufType.of(code)
                .orElseThrow(() -> cursor.broken(
                        typeAt,
                        what + ": its type: expected one of " + GgufType.names() + ", found "
                                + Integer.toUnsignedString(code)));
        int offsetAt = cursor.position();
        long offset = cursor.number(8, "the offset of " + what);
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.broken(
                    offsetAt,
                    what + ": its offset: expected a multiple of " + alignment + ", found "
                            + Long.toUnsignedString(offset));
        }
        return new GgufTensor(name, type, dimensions, offset, bytes(what, at, type, dimensions), part);
    }

    private long bytes(String what, int at, GgufType type, List<Long> dimensions) {
        long width = dimensions.get(dimensions.size() - 1);
        if (width % type.blockElements() != 0) {
            throw cursor.broken(
                    at,
                    what + ": rows of " + type + " are a multiple of " + type.blockElements() + " long, found "
                            + width);
        }
        try {
            long bytes = Math.multiplyExact(width / type.blockElements(), (long) type.blockBytes());
            for (long size : dimensions.subList(0, dimensions.size() - 1)) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException overflow) {
            throw cursor.broken(at, what + ": " + dimensions + " of " + type + " is larger than any file", overflow);
        }
    }

    private void checkLayout(List<Listed> listed, long alignment, long dataStart, long fileBytes) {
        List<Listed> ordered = new ArrayList<>(listed);
        Collections.sort(ordered, Comparator.comparingLong(each -> each.tensor().offset()));
        long end = 0;
        for (Listed each : ordered) {
            GgufTensor tensor = each.tensor();
            String what = "tensor \"" + tensor.name() + "\"";
            long expected = align(end, alignment);
            if (tensor.offset() != expected) {
                String problem = tensor.offset() < expected ? "overlaps the one before it" : "leaves a hole before it";
                throw cursor.broken(
                        each.position(),
                        what + " " + problem + ": its offset is " + tensor.offset() + ", expected " + expected);
            }
            if (tensor.bytes() > fileBytes - dataStart - tensor.offset()) {
                throw cursor.broken(
                        each.position(),
                        what + " takes " + tensor.bytes() + " bytes from byte " + (dataStart + tensor.offset())
                                + " on, but the file has only " + fileBytes + ": it is truncated");
            }
            end = tensor.offset() + tensor.bytes();
        }
        long after = fileBytes - dataStart - end;
        if (!listed.isEmpty() && after >= alignment) {
            throw cursor.broken(
                    dataStart + end,
                    after + " bytes follow the last tensor, expected fewer than the alignment, " + alignment);
        }
    }

    private static long align(long position, long alignment) {
        return (position + alignment - 1) / alignment * alignment;
    }
}
