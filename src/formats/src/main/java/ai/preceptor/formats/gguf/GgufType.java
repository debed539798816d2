package ai.preceptor.formats.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Element types of tensors that are read, by the number files give them, in blocks of so many elements and bytes. */
public enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private final int code;
    private final int blockElements;
    private final int blockBytes;

    GgufType(int code, int blockElements, int blockBytes) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** Elements that share a block's scales: 1, 32 or 256. A row is a whole number of blocks. */
    public int blockElements() {
        return blockElements;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether elements are numbers of their own, not parts of a block. */
    public boolean plain() {
        return blockElements == 1;
    }

    static Optional<GgufType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    static String names() {
        return Arrays.stream(values())
                .map(type -> type + " (" + type.code + ")")
                .collect(Collectors.joining(", "));
    }
}
