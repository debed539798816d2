package ai.preceptor.cli.keys.inference;

import ai.preceptor.formats.weights.FloatFormat;

/** Element types that weights may be written in, by PyTorch's names. */
public enum StoredType {
    FLOAT32(FloatFormat.F32),
    BFLOAT16(FloatFormat.BF16),
    FLOAT16(FloatFormat.F16);

    private final FloatFormat format;

    StoredType(FloatFormat format) {
        this.format = format;
    }

    /** The format in files. */
    public FloatFormat format() {
        return format;
    }
}
