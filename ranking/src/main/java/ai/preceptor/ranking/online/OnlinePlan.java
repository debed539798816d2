package ai.preceptor.ranking.online;

/**
 * The sizes of an online run.
 *
 * @param prompts prompts in the data set, 1 or more; what an epoch is measured by
 * @param promptsChecksum distinguishes them from another run's
 * @param promptsPerStep prompts that a step learns from, and that are sampled together, 1 or more
 * @param rowsTogether rows of a micro-batch, 1 or more
 * @param mostBatches batches that may be sampled for a step, 1 or more
 */
public record OnlinePlan(int prompts, long promptsChecksum, int promptsPerStep, int rowsTogether, int mostBatches) {
    /** @throws IllegalArgumentException if a number is below 1 */
    public OnlinePlan {
        require("prompts", prompts);
        require("prompts per step", promptsPerStep);
        require("rows together", rowsTogether);
        require("most batches", mostBatches);
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + ", must be at least 1");
        }
    }

    /** Steps of a pass over the prompts, if each is learnt from. */
    int stepsPerEpoch() {
        return (prompts - 1) / promptsPerStep + 1;
    }
}
