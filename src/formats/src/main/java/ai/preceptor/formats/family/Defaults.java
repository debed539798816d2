package ai.preceptor.formats.family;

/**
 * The values that transformers uses for keys that a configuration leaves out.
 *
 * @param kvHeads key and value heads, 0 for as many as query heads
 * @param headDim width of a head, 0 for the hidden size shared among the heads
 * @param normEps added below the root of a norm
 * @param positions of {@code max_position_embeddings}
 * @param theta base of the rotary wavelengths
 * @param tied whether the head is the embedding
 */
record Defaults(int kvHeads, int headDim, double normEps, int positions, double theta, boolean tied) {
    static final Defaults LLAMA = new Defaults(0, 0, 1e-6, 2048, 10_000, false);

    Defaults kvHeads(int count) {
        return new Defaults(count, headDim, normEps, positions, theta, tied);
    }

    Defaults headDim(int width) {
        return new Defaults(kvHeads, width, normEps, positions, theta, tied);
    }

    Defaults normEps(double eps) {
        return new Defaults(kvHeads, headDim, eps, positions, theta, tied);
    }

    Defaults positions(int count) {
        return new Defaults(kvHeads, headDim, normEps, count, theta, tied);
    }

    Defaults theta(double base) {
        return new Defaults(kvHeads, headDim, normEps, positions, base, tied);
    }

    Defaults withTiedHead() {
        return new Defaults(kvHeads, headDim, normEps, positions, theta, true);
    }
}
