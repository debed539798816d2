package ai.preceptor.formats.gguf;

/** Turns one quantized block into numbers. */
@FunctionalInterface
interface BlockDecoder {
    /**
     * Decodes a block.
     *
     * @param raw holds the block from index {@code at} on
     * @param out receives its elements from index {@code to} on
     */
    void decode(byte[] raw, int at, float[] out, int to);
}
