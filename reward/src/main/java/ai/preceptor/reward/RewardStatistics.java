package ai.preceptor.reward;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mean and standard deviation of a reward model's rewards, stored with its weights, with which policy optimization
 * normalizes them, and how they grow with length. Pairs determine neither of the first two.
 *
 * @param mean of the rewards
 * @param std their sample standard deviation, 0 or more
 * @param answers how many rewards it is of, at least 2
 * @param length the linear part of length in them; null where not measured
 */
public record RewardStatistics(
        double mean, double std, int answers, @Nullable Length length) {
    /** Name of the file in a model directory. */
    public static final String FILE = "reward_statistics.json";

    private static final String SLOPE = "length_slope";
    private static final String MEAN_LENGTH = "mean_length";

    /** @throws IllegalArgumentException if a number is not finite, or {@code std} is negative */
    public RewardStatistics {
        if (!Double.isFinite(mean) || !(std >= 0) || Double.isInfinite(std)) {
            throw new IllegalArgumentException(
                    "reward statistics: mean " + mean + ", std " + std + ", must be finite and the second 0 or more");
        }
    }

    /** Without length. */
    public RewardStatistics(double mean, double std, int answers) {
        this(mean, std, answers, null);
    }

    /**
     * The line of rewards over lengths, by least squares.
     *
     * @param slope reward for one more token, finite
     * @param mean tokens of the mean answer, finite
     */
    public record Length(double slope, double mean) {
        /**
         * A reward without what its length is worth; at the mean length it stays.
         *
         * @param coefficient the share that is subtracted, 1 for all
         */
        public double subtract(double reward, int tokens, double coefficient) {
            return reward - coefficient * slope * (tokens - mean);
        }
    }

    /** The same with the linear part of length. */
    public RewardStatistics with(@Nullable Length measured) {
        return new RewardStatistics(mean, std, answers, measured);
    }

    /**
     * Of some rewards.
     *
     * @throws IllegalArgumentException if there are less than two
     */
    public static RewardStatistics of(double[] rewards) {
        if (rewards.length < 2) {
            throw new IllegalArgumentException("rewards: " + rewards.length + ", must be at least 2");
        }
        EnsembleReward spread = EnsembleReward.of(rewards);
        return new RewardStatistics(spread.mean(), spread.std(), rewards.length);
    }

    /** Rewards in units of the standard deviation from the mean; their order stays. Of no use where {@code std} is 0. */
    public double[] normalize(double[] rewards) {
        return Arrays.stream(rewards).map(reward -> (reward - mean) / std).toArray();
    }

    /**
     * Those of a model directory.
     *
     * @return empty where the model has none
     * @throws DataException when the file cannot be read or holds something else
     */
    public static Optional<RewardStatistics> read(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        ObjectNode tree = ModelJson.read(file);
        double mean = number(file, tree, "mean");
        double std = number(file, tree, "std");
        if (std < 0) {
            throw DataException.in(file, "key \"std\": expected a number of 0 or more, found " + std);
        }
        Length length = tree.has(SLOPE) ? new Length(number(file, tree, SLOPE), number(file, tree, MEAN_LENGTH)) : null;
        return Optional.of(new RewardStatistics(mean, std, tree.path("answers").asInt(), length));
    }

    private static double number(Path file, ObjectNode tree, String key) {
        JsonNode value = tree.path(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw DataException.in(
                    file, "key \"" + key + "\": expected a finite number, found " + ModelJson.describe(value));
        }
        return value.doubleValue();
    }

    /**
     * Writes them into a model directory.
     *
     * @throws ai.preceptor.data.OutputException when the file cannot be written
     */
    public void write(Path directory) {
        ObjectNode tree = new ObjectMapper().createObjectNode();
        tree.put("mean", mean);
        tree.put("std", std);
        tree.put("answers", answers);
        if (length != null) {
            tree.put(SLOPE, length.slope());
            tree.put(MEAN_LENGTH, length.mean());
        }
        ModelJson.write(directory.resolve(FILE), tree);
    }
}
