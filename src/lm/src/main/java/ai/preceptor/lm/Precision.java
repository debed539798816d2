package ai.preceptor.lm;

/** Element type of matrix products. Master weights, norms, softmax, loss and the residual stream stay float32 in both. */
public enum Precision {
    FLOAT32(6),
    BFLOAT16(15);

    private final int code;

    Precision(int code) {
        this.code = code;
    }

    /** PyTorch's number for the element type, as kernels take it. */
    public int code() {
        return code;
    }
}
