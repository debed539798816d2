package ai.preceptor.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Activations of an MLP. Vectors and single numbers give the same bits. */
public enum Activation {
    /** x / (1 + e^-x). */
    SILU {
        @Override
        FloatVector apply(FloatVector x) {
            return x.div(Lanes.exp(x.neg()).add(1f));
        }
    },
    /** {@code x P(X <= x)} of a standard normal variable. */
    GELU {
        @Override
        FloatVector apply(FloatVector x) {
            return x.mul(0.5f).mul(erf(x.mul(0.70710678f)).add(1f));
        }
    },
    /** Its approximation by tanh(sqrt(2 / pi) (x + 0.044715 x^3)). */
    GELU_TANH {
        @Override
        FloatVector apply(FloatVector x) {
            FloatVector inner = x.mul(x).mul(x).fma(Lanes.all(0.044715f), x).mul(0.79788456f);
            return x.mul(0.5f).mul(tanh(inner).add(1f));
        }
    },
    /** max(x, 0). */
    RELU {
        @Override
        FloatVector apply(FloatVector x) {
            return x.max(0f);
        }
    };

    abstract FloatVector apply(FloatVector x);

    /** {@code n} numbers in place; up to a multiple of {@link Lanes#PARTS} are written. */
    void apply(float[] x, int from, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            apply(Lanes.load(x, from + i)).intoArray(x, from + i);
        }
    }

    /** Activations of {@code n} numbers times as many others, in place of the first. */
    void gate(float[] x, int gate, int gated, int n) {
        for (int i = 0; i < n; i += Lanes.COUNT) {
            apply(Lanes.load(x, gate + i)).mul(Lanes.load(x, gated + i)).intoArray(x, gate + i);
        }
    }

    /** 1 - 2 / (e^2x + 1). */
    static FloatVector tanh(FloatVector x) {
        return Lanes.all(1f).sub(Lanes.all(2f).div(Lanes.exp(x.add(x)).add(1f)));
    }

    /** Abramowitz and Stegun 7.1.26, within 2e-7. */
    private static FloatVector erf(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector t = Lanes.all(1f).div(size.fma(Lanes.all(0.3275911f), Lanes.all(1f)));
        FloatVector p = t.fma(Lanes.all(1.061405429f), Lanes.all(-1.453152027f));
        p = p.fma(t, Lanes.all(1.421413741f));
        p = p.fma(t, Lanes.all(-0.284496736f));
        p = p.fma(t, Lanes.all(0.254829592f)).mul(t);
        FloatVector upper = Lanes.all(1f).sub(p.mul(Lanes.exp(size.mul(size).neg())));
        return upper.blend(upper.neg(), x.compare(VectorOperators.LT, 0f));
    }
}
