package ai.preceptor.lm.config;

/** How rotary frequencies are stretched beyond the context a model was first trained on. */
public sealed interface RopeScaling {
    /** Frequencies as they are. */
    record None() implements RopeScaling {}

    /**
     * All frequencies divided by one factor.
     *
     * @param factor above 0, usually at least 1
     */
    record Linear(double factor) implements RopeScaling {}

    /**
     * Llama 3's: low frequencies divided by a factor, high ones kept, those between blended.
     *
     * @param factor divisor of the low frequencies, above 0
     * @param lowFreqFactor a wavelength above {@code originalContext / lowFreqFactor} counts as low frequency
     * @param highFreqFactor a wavelength below {@code originalContext / highFreqFactor} counts as high frequency; not
     *     equal to {@code lowFreqFactor}
     * @param originalContext positions the model was first trained on
     */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements RopeScaling {}
}
