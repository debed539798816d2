package ai.preceptor.lm.generate;

/** What computes the steps of generation. Prompts are always computed by libtorch. */
public enum DecodeMode {
    /** libtorch, in the element type of the model's matrix products. */
    TENSORS,
    /** Java, with float32 weights. */
    FLOAT32,
    /** Java, with weights rounded to bfloat16. */
    BFLOAT16,
    /** Java, with weights rounded to 8-bit whole numbers with a scale for each output. */
    INT8
}
