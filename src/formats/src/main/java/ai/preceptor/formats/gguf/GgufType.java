package ai.preceptor.formats.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Element types of tensors that are read, by the number files give them, in blocks of so many elements and bytes. */
public enum GgufType {
    F32(0, 4),
    F16(1, 2),
    Q4_0(2, 32, 18, QuantizedBlocks::q40),
    Q4_1(3, 32, 20, QuantizedBlocks::q41),
    Q5_0(6, 32, 22, QuantizedBlocks::q50),
    Q5_1(7, 32, 24, QuantizedBlocks::q51),
    Q8_0(8, 32, 34, QuantizedBlocks::q80),
    Q2_K(10, 256, 84, QuantizedBlocks::q2K),
    Q3_K(11, 256, 110, QuantizedBlocks::q3K),
    Q4_K(12, 256, 144, QuantizedBlocks::q4K),
    Q5_K(13, 256, 176, QuantizedBlocks::q5K),
    Q6_K(14, 256, 210, QuantizedBlocks::q6K),
    BF16(30, 2);

    private final int code;
    private final int blockElements;
    private final int blockBytes;

    @SuppressWarnings("ImmutableEnumChecker") // decoders have no state
    private final QuantizedBlocks.BlockDecoder decoder;

    /** Elements that are numbers of their own. */
    GgufType(int code, int bytes) {
        this(code, 1, bytes, (raw, at, out, to) -> {
            throw new IllegalArgumentException("a number has no blocks");
        });
    }

    GgufType(int code, int blockElements, int blockBytes, QuantizedBlocks.BlockDecoder decoder) {
        this.code = code;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.decoder = decoder;
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

    /** Decodes a block; for those that have blocks. */
    QuantizedBlocks.BlockDecoder decoder() {
        return decoder;
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
