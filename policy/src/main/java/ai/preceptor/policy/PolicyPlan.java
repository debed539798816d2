package ai.preceptor.policy;

/**
 * How experience is collected and divided into optimizer steps. One batch of experience is {@code promptsPerBatch}
 * prompts with {@code samplesPerPrompt} answers each; it is walked {@code iterations} times.
 *
 * @param prompts prompts in the data set, 1 or more; what an epoch is measured by
 * @param promptsChecksum distinguishes them from another run's
 * @param promptsPerBatch prompts of a batch, 1 or more
 * @param samplesPerPrompt answers to each, 1 or more
 * @param rowsTogether answers that go through the model together, 1 or more
 * @param accumulation such micro-batches of an optimizer step, 1 or more
 * @param iterations passes over a batch before the next one is sampled (TRL's {@code num_iterations}, {@code
 *     num_ppo_epochs}), 1 or more
 * @param genBatches batches that may be sampled until there are enough prompts whose answers differ in score, 1 or more; 0
 *     where prompts are taken as they come
 */
public record PolicyPlan(
        int prompts,
        long promptsChecksum,
        int promptsPerBatch,
        int samplesPerPrompt,
        int rowsTogether,
        int accumulation,
        int iterations,
        int genBatches) {

    /** @throws IllegalArgumentException if a number is below 1, the last below 0, or a batch or step has 2^31 answers or more */
    public PolicyPlan {
        require("prompts", prompts);
        require("prompts per batch", promptsPerBatch);
        require("samples per prompt", samplesPerPrompt);
        require("rows together", rowsTogether);
        require("accumulation", accumulation);
        require("iterations", iterations);
        require("generated batches + 1", genBatches + 1);
        requireInt("prompts per batch x samples per prompt", (long) promptsPerBatch * samplesPerPrompt);
        requireInt("rows together x accumulation", (long) rowsTogether * accumulation);
    }

    /** Prompts are taken as they come. */
    public PolicyPlan(
            int prompts,
            long promptsChecksum,
            int promptsPerBatch,
            int samplesPerPrompt,
            int rowsTogether,
            int accumulation,
            int iterations) {
        this(prompts, promptsChecksum, promptsPerBatch, samplesPerPrompt, rowsTogether, accumulation, iterations, 0);
    }

    private static void requireInt(String name, long value) {
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + ": " + value + ", must be below 2^31");
        }
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + ", must be at least 1");
        }
    }

    /** Answers of a full optimizer step. */
    int rowsPerStep() {
        return rowsTogether * accumulation;
    }

    /** Optimizer steps that one pass over {@code rows} answers takes. */
    int stepsPerPass(int rows) {
        return rows == 0 ? 0 : (rows - 1) / rowsPerStep() + 1;
    }

    /**
     * Optimizer steps that one pass over all prompts takes, if every answer can be learnt from; of more than an int holds,
     * the largest.
     */
    int stepsPerEpoch() {
        int batches = (prompts - 1) / promptsPerBatch + 1;
        double steps = (double) batches * iterations * stepsPerPass(promptsPerBatch * samplesPerPrompt);
        return (int) steps;
    }
}
