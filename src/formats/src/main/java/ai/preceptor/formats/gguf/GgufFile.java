package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One GGUF file, or the parts of one that was split, open for reading: headers are checked whole, metadata decoded and
 * tensors read when asked for.
 *
 * <p>Format (versions 2 and 3, little-endian): {@code GGUF}, version, number of tensors, number of metadata pairs, the
 * pairs, what each tensor is, and from the next multiple of {@code general.alignment} on the tensors' bytes.
 */
public final class GgufFile implements AutoCloseable {
    /** How names of such files end. */
    public static final String SUFFIX = ".gguf";

    private final List<GgufPart> parts;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(List<GgufPart> parts) {
        this.parts = parts;
        Map<String, GgufTensor> all = new TreeMap<>();
        for (GgufPart part : parts) {
            part.tensors().forEach((name, tensor) -> {
                GgufTensor other = all.put(name, tensor);
                if (other != null) {
                    throw DataException.in(
                            part.path(),
                            "tensor \"" + name + "\" is in "
                                    + parts.get(other.part()).path().getFileName() + " too");
                }
            });
        }
        this.tensors = Collections.unmodifiableMap(all);
    }

    /**
     * Opens a file, and those that it was split into, and checks all but the tensors' values.
     *
     * @param path the file; of several the first
     * @return the open file; close it
     * @throws DataException naming file and position when one is missing, truncated, or breaks the format
     */
    public static GgufFile open(Path path) {
        List<GgufPart> parts = new ArrayList<>();
        try {
            GgufPart first = GgufPart.open(path, 0);
            parts.add(first);
            for (Path next : GgufSplit.rest(first)) {
                parts.add(GgufPart.open(next, parts.size()));
            }
            GgufSplit.check(parts);
            return new GgufFile(parts);
        } catch (RuntimeException refused) {
            parts.forEach(part -> part.file().close());
            throw refused;
        }
    }

    /** The file; of several the first. */
    public Path path() {
        return parts.get(0).path();
    }

    /** What it says of itself; of several files the first. */
    public GgufMetadata metadata() {
        return parts.get(0).metadata();
    }

    /** Its tensors by name, sorted. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /**
     * The tensor of that name.
     *
     * @throws DataException when there is none
     */
    public GgufTensor tensor(String name) {
        GgufTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw DataException.in(path(), "no tensor \"" + name + "\" among its " + tensors.size());
        }
        return tensor;
    }

    /**
     * Copies bytes of a tensor as they are in the file.
     *
     * @param from first byte, counted from the tensor's own start
     * @param into filled from its position to its limit
     * @throws DataException when the file cannot be read
     * @throws IndexOutOfBoundsException when the range lies outside the tensor
     */
    public void read(GgufTensor tensor, long from, ByteBuffer into) {
        Objects.checkFromIndexSize(from, (long) into.remaining(), tensor.bytes());
        part(tensor).file().read("tensor \"" + tensor.name() + "\"", tensor.offset() + from, into);
    }

    /** The same bytes as a read-only little-endian view of the file, without a copy. */
    public ByteBuffer map(GgufTensor tensor, long from, int length) {
        Objects.checkFromIndexSize(from, (long) length, tensor.bytes());
        return part(tensor).file().map("tensor \"" + tensor.name() + "\"", tensor.offset() + from, length);
    }

    private GgufPart part(GgufTensor tensor) {
        return parts.get(tensor.part());
    }

    @Override
    public void close() {
        parts.forEach(part -> part.file().close());
    }
}
