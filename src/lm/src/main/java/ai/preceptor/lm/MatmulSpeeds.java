package ai.preceptor.lm;

import ai.preceptor.lm.weights.Precision;
import java.util.Locale;

/**
 * How fast a device multiplies large matrices in each element type.
 *
 * @param float32 floating-point operations a second, above 0
 * @param bfloat16 the same
 */
public record MatmulSpeeds(double float32, double bfloat16) {
    /** Rounding costs digits, so bfloat16 must be faster by more than two measurements differ. */
    private static final double WORTH_IT = 1.1;

    private static final double GIGA = 1e9;

    /** The element type that this device trains faster in; float32, which is exact, where they are alike. */
    public Precision recommended() {
        return bfloat16 > WORTH_IT * float32 ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /** Operations a second in one element type. */
    public double of(Precision precision) {
        return precision == Precision.FLOAT32 ? float32 : bfloat16;
    }

    /** One of the two in words, such as {@code 162 GFLOP/s}. */
    public String text(Precision precision) {
        return String.format(Locale.ROOT, "%.0f GFLOP/s", of(precision) / GIGA);
    }
}
