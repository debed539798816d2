package ai.preceptor.formats.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Element types of the safetensors format, in the order of the format's own list; files are laid out by it, widest
 * last declared first. The types of less than a byte are not among them: nothing here could hold their tensors.
 */
public enum DType {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    F8_E8M0(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    C64(8),
    F64(8),
    I64(8),
    U64(8);

    private final int size;

    DType(int size) {
        this.size = size;
    }

    /** Bytes of one element, 1 to 8. */
    public int size() {
        return size;
    }

    /** The type of this name in a file's header, or empty when there is none. */
    public static Optional<DType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
