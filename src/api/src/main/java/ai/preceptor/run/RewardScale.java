package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.reward.RewardStatistics;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a reward model's rewards are read: the linear part of length subtracted first, then normalized.
 *
 * @param statistics the model's; null where neither is asked for
 * @param normalized whether rewards are in units of their deviation from their mean
 * @param lengthCoef share of the linear part of length that is subtracted, 0 for none
 */
public record RewardScale(@Nullable RewardStatistics statistics, boolean normalized, double lengthCoef) {
    /**
     * The scale of a model.
     *
     * @param model its name
     * @param statistics its own, null where it was not measured
     * @throws ConfigurationException if they do not hold what is asked for, or the model gave all answers the same
     */
    public static RewardScale of(
            String model, @Nullable RewardStatistics statistics, boolean normalized, double lengthCoef) {
        if (normalized) {
            if (statistics == null) {
                throw new ConfigurationException("normalize_rewards: " + model + " has no " + RewardStatistics.FILE
                        + ", which training writes; expected false");
            }
            if (statistics.std() == 0) {
                throw new ConfigurationException("normalize_rewards: " + model
                        + " gave all answers it was measured on the same reward; expected false");
            }
        }
        if (lengthCoef > 0 && (statistics == null || statistics.length() == null)) {
            throw new ConfigurationException("reward_length_coef: " + model + " has no length_slope in "
                    + RewardStatistics.FILE
                    + ", which training writes where lengths of answers differ; expected 0, found " + lengthCoef);
        }
        return new RewardScale(statistics, normalized, lengthCoef);
    }

    /**
     * Rewards of one answer as they are read.
     *
     * @param heads what each head gives it
     * @param tokens of the answer, end of turn included; asked for only where length counts
     */
    public double[] read(double[] heads, IntSupplier tokens) {
        double[] rewards = heads;
        if (lengthCoef > 0) {
            RewardStatistics.Length length =
                    Objects.requireNonNull(Objects.requireNonNull(statistics).length(), "checked");
            int count = tokens.getAsInt();
            rewards = Arrays.stream(rewards)
                    .map(reward -> length.subtract(reward, count, lengthCoef))
                    .toArray();
        }
        return normalized ? Objects.requireNonNull(statistics, "checked").normalize(rewards) : rewards;
    }
}
