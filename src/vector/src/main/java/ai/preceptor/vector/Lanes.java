package ai.preceptor.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of this machine, and what is computed of them with the same bits on every machine. */
final class Lanes {
    /** Numbers of a vector: 4, 8 or 16. */
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED.length() > Lanes.PARTS
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    static final int COUNT = FLOATS.length();

    /** Sums are made of so many partial sums, whatever the width of vectors. */
    static final int PARTS = 16;

    private static final float LEAST_EXPONENT = -87;
    private static final float MOST_EXPONENT = 88;

    private Lanes() {}

    /** {@code n} rounded up to a multiple of {@link #PARTS}, which every width of vectors divides. */
    static int padded(int n) {
        return (n + PARTS - 1) / PARTS * PARTS;
    }

    static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(FLOATS, from, at);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /**
     * e^x as 2^n times a polynomial (Cephes' expf), within 2 units in the last place; arguments below -87 and above 88 stand for
     * these. Not a number gives something: look for it first.
     */
    static FloatVector exp(FloatVector argument) {
        FloatVector x = argument.max(LEAST_EXPONENT).min(MOST_EXPONENT);
        FloatVector shifted = x.mul(1.44269504f).add(12582912f);
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.fma(all(2.12194440e-4f), n.fma(all(-0.693359375f), x));
        FloatVector p = r.fma(all(1.9875691500e-4f), all(1.3981999507e-3f));
        p = p.fma(r, all(8.3334519073e-3f));
        p = p.fma(r, all(4.1665795894e-2f));
        p = p.fma(r, all(1.6666665459e-1f));
        p = p.fma(r, all(0.5f));
        p = p.fma(r.mul(r), r.add(1f));
        IntVector scale = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(scale).reinterpretAsFloats();
    }

    /** The same where x is -87 or more, else 0. */
    static FloatVector expOrZero(FloatVector x) {
        return exp(x).blend(0f, x.compare(VectorOperators.LT, LEAST_EXPONENT));
    }

    /** The sum of {@code n} numbers, a multiple of {@link #PARTS}. */
    static float sum(float[] x, int from, int n) {
        float[] parts = new float[PARTS];
        for (int c = 0; c < PARTS; c += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = c; j < n; j += PARTS) {
                sum = sum.add(load(x, from + j));
            }
            sum.intoArray(parts, c);
        }
        return sum(parts);
    }

    /** The sum of squares of any number of numbers. */
    static float sumOfSquares(float[] x, int from, int n) {
        float[] parts = new float[PARTS];
        int whole = n / PARTS * PARTS;
        for (int c = 0; c < PARTS; c += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = c; j < whole; j += PARTS) {
                FloatVector v = load(x, from + j);
                sum = v.fma(v, sum);
            }
            sum.intoArray(parts, c);
        }
        for (int j = whole; j < n; j++) {
            parts[j - whole] = Math.fma(x[from + j], x[from + j], parts[j - whole]);
        }
        return sum(parts);
    }

    private static float sum(float[] parts) {
        for (int width = PARTS / 2; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                parts[i] += parts[i + width];
            }
        }
        return parts[0];
    }

    /** The largest of at least one number; not a number if there is one that is none. */
    static float max(float[] x, int from, int n) {
        int whole = n / COUNT * COUNT;
        float most = Float.NEGATIVE_INFINITY;
        if (whole > 0) {
            FloatVector top = load(x, from);
            for (int j = COUNT; j < whole; j += COUNT) {
                top = top.max(load(x, from + j));
            }
            for (int l = 0; l < COUNT; l++) {
                most = Math.max(most, top.lane(l));
            }
        }
        for (int j = whole; j < n; j++) {
            most = Math.max(most, x[from + j]);
        }
        return most;
    }
}
