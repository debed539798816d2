package ai.preceptor.lm.weights;

/** Element type of matrix products. Master weights, norms, softmax, loss and the residual stream stay float32 in both. */
public enum Precision {
    FLOAT32(6, 4),
    BFLOAT16(15, 2);

    private final int code;
    private final int bytes;

    Precision(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** PyTorch's number for the element type, as kernels take it. */
    public int code() {
        return code;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }
}
