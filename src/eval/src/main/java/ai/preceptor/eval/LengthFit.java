package ai.preceptor.eval;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The line of rewards over lengths by least squares, whose residual is a reward without the bias for length.
 *
 * <p>Source: Huang et al. 2024, Post-hoc Reward Calibration: A Case Study on Length Bias, arXiv:2409.17407 (there the line is
 * local); that reward models learn length: Shen et al. 2023, Loose Lips Sink Ships, arXiv:2310.05199, Singhal et al. 2023,
 * arXiv:2310.03716.
 *
 * @param slope reward for one more token, 0 or of either sign
 * @param meanLength tokens of the mean answer, where nothing is added or subtracted
 */
public record LengthFit(double slope, double meanLength) {
    /**
     * The fit of some answers.
     *
     * @param rewards {@code [answers]}
     * @param lengths {@code [answers]}: in tokens
     * @return null where lengths do not vary
     */
    static @Nullable LengthFit of(double[] rewards, double[] lengths) {
        double meanReward = Arrays.stream(rewards).average().orElse(0);
        double meanLength = Arrays.stream(lengths).average().orElse(0);
        double square = 0;
        double product = 0;
        for (int i = 0; i < rewards.length; i++) {
            square += (lengths[i] - meanLength) * (lengths[i] - meanLength);
            product += (lengths[i] - meanLength) * (rewards[i] - meanReward);
        }
        return square > 0 ? new LengthFit(product / square, meanLength) : null;
    }

    /** A reward without what its length is worth. */
    double residual(double reward, double length) {
        return reward - slope * (length - meanLength);
    }
}
