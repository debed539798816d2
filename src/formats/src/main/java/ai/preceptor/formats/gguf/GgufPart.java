package ai.preceptor.formats.gguf;

import ai.preceptor.formats.io.BinaryFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * One file of a model; its header has been checked completely.
 *
 * @param file where the tensors' bytes are
 * @param metadata what it says of itself
 * @param tensors by name, sorted
 */
record GgufPart(BinaryFile file, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
    private static final int MAGIC = 0x46554747; // "GGUF"

    /** @param index how many parts of a model come before it */
    static GgufPart open(Path path, int index) {
        return BinaryFile.open(path, "a GGUF file", file -> read(file, index));
    }

    private static GgufPart read(BinaryFile file, int index) {
        // A header lies within the first 2 GiB: mapped, so that no more of it is in memory than is looked at.
        ByteBuffer head = file.map("the header", 0, (int) Math.min(file.size(), Integer.MAX_VALUE));
        GgufCursor cursor = new GgufCursor(file.path(), head);
        checkVersion(cursor);
        int tensorCount = cursor.count("the number of tensors", GgufTensorTable.LEAST_BYTES);
        int pairs = cursor.count("the number of metadata pairs", 13);
        GgufMetadata metadata = GgufMetadata.read(cursor, pairs);
        return new GgufPart(
                file, metadata, new GgufTensorTable(cursor, metadata, tensorCount, index).read(file.size()));
    }

    private static void checkVersion(GgufCursor cursor) {
        int magic = cursor.int32("the word GGUF");
        if (magic != MAGIC) {
            throw cursor.broken(0, String.format(Locale.ROOT, "not a GGUF file: expected GGUF, found 0x%08x", magic));
        }
        int version = cursor.int32("the version");
        if (version != 2 && version != 3) {
            String hint = Integer.reverseBytes(version) == 3 ? " (a big-endian file)" : "";
            throw cursor.broken(
                    4,
                    "the version: expected 2 or 3, little-endian, found " + Integer.toUnsignedString(version) + hint);
        }
    }

    Path path() {
        return file.path();
    }
}
