package ai.preceptor.formats.rope;

import java.util.List;

/** How rotary frequencies are scaled beyond the context length of pretraining. */
public sealed interface RopeScaling {
    /** What cosines and sines are multiplied by. */
    default double attentionFactor() {
        return 1;
    }

    /** Frequencies as they are. */
    record None() implements RopeScaling {}

    /**
     * All frequencies divided by one factor.
     *
     * @param factor above 0, usually at least 1
     */
    record Linear(double factor) implements RopeScaling {}

    /**
     * NTK-aware: the base grows with the length of the sequence once that exceeds the context.
     *
     * @param factor above 0
     * @param originalContext positions the model was trained on
     */
    record Dynamic(double factor, int originalContext) implements RopeScaling {}

    /**
     * YaRN (Peng et al. 2023): frequencies of few rotations within the context divided, others kept, those between
     * blended along a ramp over the dimensions.
     *
     * @param factor divisor of the low frequencies, above 0
     * @param originalContext positions the model was first trained on
     * @param attentionFactor multiplies cosines and sines
     * @param betaFast rotations within the context from which a frequency is kept
     * @param betaSlow rotations up to which it is divided
     * @param truncate whether the ramp's ends are rounded to whole dimensions
     */
    record Yarn(
            double factor,
            int originalContext,
            double attentionFactor,
            double betaFast,
            double betaSlow,
            boolean truncate)
            implements RopeScaling {}

    /**
     * LongRoPE (Ding et al. 2024): a divisor for each frequency, from one list up to the original context and from
     * another for longer sequences.
     *
     * @param shortFactors half as many as a head has rotated elements, each above 0
     * @param longFactors as many
     * @param originalContext positions the model was first trained on
     * @param attentionFactor multiplies cosines and sines
     */
    record LongRope(List<Double> shortFactors, List<Double> longFactors, int originalContext, double attentionFactor)
            implements RopeScaling {
        /** Copies the lists. */
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }
    }

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
