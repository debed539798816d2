package ai.preceptor.lm.config;

/**
 * Cosines and sines of the rotary position embedding, computed in float32 and in the order of operations of
 * transformers. Powers, sines and cosines are the nearest float32 here; PyTorch's vectorized ones may lie a last digit
 * off, which is all that remains of a difference.
 *
 * <p>Shapes: P positions, D = headDim, D/2 angles: {@code angle[p, j] = p * inverseFrequency[j]}. Elements j and j + D/2
 * of a head turn by the same angle, so a table holds the D/2 different ones.
 */
public final class RopeTable {
    private final int positions;
    private final int angles;
    private final float[] cos;
    private final float[] sin;

    private RopeTable(int positions, int angles, float[] cos, float[] sin) {
        this.positions = positions;
        this.angles = angles;
        this.cos = cos;
        this.sin = sin;
    }

    /**
     * Computes a table.
     *
     * @param rope base and scaling
     * @param headDim D, even
     * @param positions P, at least 1: rows for positions 0 to P - 1
     * @throws IllegalArgumentException when a number is out of range or the table would not fit an array
     */
    public static RopeTable of(RopeParameters rope, int headDim, int positions) {
        if (positions < 1 || (long) positions * headDim / 2 > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("positions: expected 1 to " + (Integer.MAX_VALUE - 8L) * 2 / headDim
                    + " for headDim " + headDim + ", received " + positions);
        }
        float[] inverse = inverseFrequencies(rope, headDim);
        int angles = inverse.length;
        float[] cos = new float[positions * angles];
        float[] sin = new float[positions * angles];
        for (int p = 0; p < positions; p++) {
            for (int j = 0; j < angles; j++) {
                float angle = p * inverse[j]; // rounded to float32 before the cosine, as theirs
                cos[p * angles + j] = (float) Math.cos(angle);
                sin[p * angles + j] = (float) Math.sin(angle);
            }
        }
        return new RopeTable(positions, angles, cos, sin);
    }

    /** P. */
    public int positions() {
        return positions;
    }

    /** D/2. */
    public int angles() {
        return angles;
    }

    /** Cosines, row-major [P, D/2]: the table's own array, not to be written to. */
    public float[] cos() {
        return cos;
    }

    /** Sines, row-major [P, D/2]: the table's own array, not to be written to. */
    public float[] sin() {
        return sin;
    }

    /**
     * The angle by which each pair of elements turns from one position to the next.
     *
     * @param rope base and scaling
     * @param headDim D, even
     * @return [D/2]
     * @throws IllegalArgumentException when headDim is odd or below 2
     */
    public static float[] inverseFrequencies(RopeParameters rope, int headDim) {
        if (headDim < 2 || headDim % 2 != 0) {
            throw new IllegalArgumentException("headDim: expected an even number from 2 on, received " + headDim);
        }
        float[] inverse = new float[headDim / 2];
        for (int j = 0; j < inverse.length; j++) {
            float exponent = (float) (2 * j) / headDim;
            inverse[j] = scaled(1f / (float) Math.pow((float) rope.theta(), exponent), rope.scaling());
        }
        return inverse;
    }

    private static float scaled(float inverse, RopeScaling scaling) {
        if (scaling instanceof RopeScaling.Linear linear) {
            return inverse / (float) linear.factor();
        }
        if (scaling instanceof RopeScaling.Llama3 llama) {
            return llama3(inverse, llama);
        }
        return inverse;
    }

    private static float llama3(float inverse, RopeScaling.Llama3 llama) {
        float factor = (float) llama.factor();
        float longest = (float) (llama.originalContext() / llama.lowFreqFactor());
        float shortest = (float) (llama.originalContext() / llama.highFreqFactor());
        float wavelength = (1f / inverse) * (float) (2 * Math.PI);
        if (wavelength > longest) {
            return inverse / factor;
        }
        if (wavelength < shortest) {
            return inverse;
        }
        float smooth = ((1f / wavelength) * llama.originalContext() - (float) llama.lowFreqFactor())
                / (float) (llama.highFreqFactor() - llama.lowFreqFactor());
        return (1f - smooth) * inverse / factor + smooth * inverse;
    }
}
