package ai.preceptor.formats.rope;

import ai.preceptor.data.DataException;

/**
 * Cosines and sines of the rotary position embedding, computed in float32 and in the order of operations of
 * transformers. Powers, sines and cosines are the nearest float32 here; PyTorch's vectorized ones may lie a last digit
 * off, which is all that remains of a difference.
 *
 * <p>Shapes: P positions, D rotated elements of a head, D/2 angles: {@code angle[p, j] = p * inverseFrequency[j]}.
 * Elements j and j + D/2 rotate by the same angle, so a table holds the D/2 different ones.
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
     * Computes a table for sequences within the steady length of the parameters.
     *
     * @param rope base and scaling
     * @param headDim D, of which an even number is rotated
     * @param positions P, at least 1: rows for positions 0 to P - 1
     * @throws IllegalArgumentException when a number is out of range or the table would not fit an array
     */
    public static RopeTable of(RopeParameters rope, int headDim, int positions) {
        return of(rope, headDim, positions, 1);
    }

    /**
     * Computes a table.
     *
     * @param length of the sequence it serves, which dynamic scalings depend on
     */
    public static RopeTable of(RopeParameters rope, int headDim, int positions, int length) {
        if (positions < 1 || (long) positions * headDim / 2 > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("positions: expected 1 to " + (Integer.MAX_VALUE - 8L) * 2 / headDim
                    + " for headDim " + headDim + ", received " + positions);
        }
        float[] inverse = inverseFrequencies(rope, headDim, length);
        RopeTable table = empty(rope, headDim, positions);
        table.fill(rope, inverse, 0, positions);
        return table;
    }

    /**
     * Computes a table for sequences that grow by a token at a time, as in generation: the row of position p is that of a
     * sequence of p + 1 tokens.
     *
     * @throws DataException when a scaling changes all of a sequence's angles on the way
     */
    public static RopeTable growing(RopeParameters rope, int headDim, int positions) {
        int steady = Math.min(positions, rope.steadyLength());
        if (steady < positions && rope.scaling() instanceof RopeScaling.LongRope) {
            throw new DataException("generation to " + positions + " tokens: longrope changes every angle beyond"
                    + " original_max_position_embeddings; expected at most " + steady + " tokens of prompt and answer");
        }
        RopeTable table = empty(rope, headDim, positions);
        table.fill(rope, inverseFrequencies(rope, headDim, 1), 0, steady);
        for (int p = steady; p < positions; p++) {
            table.fill(rope, inverseFrequencies(rope, headDim, p + 1), p, p + 1);
        }
        return table;
    }

    private static RopeTable empty(RopeParameters rope, int headDim, int positions) {
        int angles = rope.rotated(headDim) / 2;
        return new RopeTable(positions, angles, new float[positions * angles], new float[positions * angles]);
    }

    private void fill(RopeParameters rope, float[] inverse, int from, int to) {
        float factor = (float) rope.scaling().attentionFactor();
        for (int p = from; p < to; p++) {
            for (int j = 0; j < angles; j++) {
                float angle = p * inverse[j]; // rounded to float32 before the cosine, as theirs
                cos[p * angles + j] = (float) Math.cos(angle) * factor;
                sin[p * angles + j] = (float) Math.sin(angle) * factor;
            }
        }
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
     * The angle by which each pair of elements rotates from one position to the next.
     *
     * @param rope base and scaling
     * @param headDim elements of a head
     * @param length of the sequence, which dynamic scalings depend on
     * @return [D/2]
     * @throws IllegalArgumentException when the rotated elements are odd in number or fewer than 2
     */
    public static float[] inverseFrequencies(RopeParameters rope, int headDim, int length) {
        int rotated = rope.rotated(headDim);
        if (rotated < 2 || rotated % 2 != 0) {
            throw new IllegalArgumentException("headDim: expected an even number from 2 on, received " + rotated);
        }
        float base = base(rope, rotated, length);
        float[] inverse = new float[rotated / 2];
        for (int j = 0; j < inverse.length; j++) {
            float power = (float) Math.pow(base, (float) (2 * j) / rotated);
            inverse[j] = scaled(power, j, rotated, length, rope);
        }
        return inverse;
    }

    private static float base(RopeParameters rope, int rotated, int length) {
        float theta = (float) rope.theta();
        if (rope.scaling() instanceof RopeScaling.Dynamic dynamic) {
            float factor = (float) dynamic.factor();
            float longest = Math.max(length, dynamic.originalContext());
            float stretch = factor * longest / dynamic.originalContext() - (float) (dynamic.factor() - 1);
            return theta * (float) Math.pow(stretch, (float) ((double) rotated / (rotated - 2)));
        }
        return theta;
    }

    /** @param power the wavelength of pair j in units of 2 pi */
    private static float scaled(float power, int j, int rotated, int length, RopeParameters rope) {
        RopeScaling scaling = rope.scaling();
        if (scaling instanceof RopeScaling.Linear linear) {
            return 1f / power / (float) linear.factor();
        }
        if (scaling instanceof RopeScaling.Llama3 llama) {
            return llama3(1f / power, llama);
        }
        if (scaling instanceof RopeScaling.Yarn yarn) {
            float keep = 1f - yarnRamp(yarn, rope.theta(), j, rotated);
            return 1f / ((float) yarn.factor() * power) * (1f - keep) + 1f / power * keep;
        }
        if (scaling instanceof RopeScaling.LongRope longRope) {
            boolean isLong = length > longRope.originalContext();
            double factor = (isLong ? longRope.longFactors() : longRope.shortFactors()).get(j);
            return 1f / ((float) factor * power);
        }
        return 1f / power;
    }

    /** 0 where a frequency is kept, 1 where it is divided. */
    private static float yarnRamp(RopeScaling.Yarn yarn, double theta, int j, int rotated) {
        double low = correction(yarn.betaFast(), theta, rotated, yarn.originalContext());
        double high = correction(yarn.betaSlow(), theta, rotated, yarn.originalContext());
        if (yarn.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, rotated - 1);
        if (low == high) {
            high += 0.001;
        }
        float ramp = (j - (float) low) / (float) (high - low);
        return Math.max(0f, Math.min(1f, ramp));
    }

    /** The pair of elements, as a fraction, that makes so many turns within a context. */
    private static double correction(double turns, double theta, int rotated, int context) {
        return rotated * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
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
