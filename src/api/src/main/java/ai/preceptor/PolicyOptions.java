package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyObjective;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.Clip;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.loss.RatioClip;
import ai.preceptor.rollout.OnStale;
import ai.preceptor.train.TrainConfig;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a policy is optimized, by TRL's names. {@link PolicyAlgorithm#options} is the one home of the defaults; the size of a
 * step and the learning rate are in {@link TrainConfig}.
 *
 * @param algorithm what makes advantages of rewards
 * @param lossType how the clipped ratios add up
 * @param numGenerations answers to each prompt; 2 or more where answers to a prompt are compared
 * @param maxCompletionLength most tokens of an answer, 1 or more
 * @param temperature of sampling, above 0. Log-probabilities, ratios and KL are those of temperature 1 whatever it is, so
 *     with another one the gradient is that of a policy which did not sample
 * @param beta coefficient of the KL to the reference, 0 or more; with 0 no reference is kept
 * @param klPlacement whether that KL is in the reward or in the loss
 * @param klTarget KL in nats per answer that an adaptive {@code beta} aims at; null for a fixed one
 * @param klHorizon answers over which an adaptive {@code beta} corrects itself, 1 or more
 * @param epsilon how far a ratio may fall, in (0, 1]
 * @param epsilonHigh how far it may rise, above 0
 * @param delta largest ratio that counts for a negative advantage, above {@code 1 + epsilonHigh}; null for no bound
 * @param scaleRewards by what GRPO's advantages are divided
 * @param normalizeAdvantages whether RLOO's advantages are shifted and scaled over the batch
 * @param numIterations passes over a batch of answers, 1 or more
 * @param stepsPerGeneration micro-batches of answers that are sampled together; null for those of one optimizer step
 * @param maxStaleness publications that an answer may lie behind, 0 or more; above 0 sampling runs ahead of learning
 * @param scorerInstances scorers side by side, 1 or more; above 1 the scorer must stand several threads
 * @param onStale whether answers that would grow too old are waited for, or dropped and sampled again
 * @param generators models that sample beside learning, each with weights and a thread of its own, on the student's
 *     device; 0 for the student itself, alternating with training, or for none where other processes sample
 * @param scorerTimeout longest that scoring the answers to a prompt may take, above 0
 * @param heartbeatTimeout longest time that an actor may work without making a step, or a worker send no heartbeat,
 *     above 0; longer than the longest step, such as the prefill of the longest prompt
 * @param recomputeOldLogps whether the old log-probabilities are recomputed by the learner's kernels, for one more
 *     forward pass, instead of taken from the sampler; null for yes in bfloat16 only, where the two round so differently
 *     (0.03 nats a token with a model of 135 million parameters) that whole answers clip without any learning
 * @param parts objects of the caller's own in place of those that the values above name
 */
public record PolicyOptions(
        PolicyAlgorithm algorithm,
        PolicyLossType lossType,
        int numGenerations,
        int maxCompletionLength,
        double temperature,
        double beta,
        KlPlacement klPlacement,
        @Nullable Double klTarget,
        int klHorizon,
        double epsilon,
        double epsilonHigh,
        @Nullable Double delta,
        ScaleRewards scaleRewards,
        boolean normalizeAdvantages,
        int numIterations,
        @Nullable Integer stepsPerGeneration,
        int maxStaleness,
        int scorerInstances,
        OnStale onStale,
        int generators,
        Duration scorerTimeout,
        Duration heartbeatTimeout,
        @Nullable Boolean recomputeOldLogps,
        PolicyParts parts) {

    /** Most answers that are sampled and kept together, or used in one step. */
    public static final int MOST_ANSWERS = 1 << 20;

    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public PolicyOptions {
        Refusals refusals = Refusals.none();
        int fewest = credit(parts, algorithm, scaleRewards, normalizeAdvantages).fewestScored();
        if (numGenerations < fewest) {
            String why = fewest > 1 ? ", since answers to a prompt are compared" : "";
            refusals.refuse("num_generations", "expected " + fewest + " or more" + why + ", found " + numGenerations);
        }
        refusals.range("max_completion_length", maxCompletionLength, "[1, inf)");
        refusals.range("temperature", temperature, "(0, 1e9)");
        refusals.range("beta", beta, "[0, 1e9)");
        refusals.range("kl_target", klTarget, "(0, 1e9)");
        if (klTarget != null && !(beta > 0)) {
            refusals.refuse("kl_target", "expected nothing where beta is 0, found " + klTarget);
        }
        refusals.range("kl_horizon", klHorizon, "[1, inf)");
        refusals.range("epsilon", epsilon, "(0, 1]");
        // Left out, it is epsilon, of which enough was said.
        if (!refusals.concern("epsilon") || epsilonHigh != epsilon) {
            refusals.range("epsilon_high", epsilonHigh, "(0, 1e9)");
        }
        if (delta != null && !(delta > 1 + epsilonHigh)) {
            refusals.refuse("delta", "expected more than 1 + epsilon_high = " + (1 + epsilonHigh) + ", found " + delta);
        }
        refusals.range("num_iterations", numIterations, "[1, inf)");
        refusals.range("steps_per_generation", stepsPerGeneration, "[1, inf)");
        refusals.range("max_staleness", maxStaleness, "[0, inf)");
        refusals.range("scorer_instances", scorerInstances, "[1, inf)");
        refusals.range("generators", generators, "[0, inf)");
        refusals.range("scorer_timeout", seconds(scorerTimeout), "(0, inf)");
        refusals.range("heartbeat_timeout", seconds(heartbeatTimeout), "(0, inf)");
        refusals.throwIfAny();
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    /** RLOO as TRL has it: two answers to a prompt, each the other's baseline, k1 in the reward with 0.05. */
    public static PolicyOptions rloo() {
        return PolicyAlgorithm.RLOO.options().build();
    }

    /** GRPO as TRL has it: eight answers to a prompt, no KL. */
    public static PolicyOptions grpo() {
        return PolicyAlgorithm.GRPO.options().build();
    }

    /** Starts from the defaults of an algorithm. */
    public static PolicyOptionsBuilder builder(PolicyAlgorithm algorithm) {
        return algorithm.options();
    }

    /**
     * Prompts of a batch of answers.
     *
     * @throws ConfigurationException when the answers of a batch are no whole number of prompts
     */
    int promptsPerBatch(TrainConfig config) {
        int microBatches = stepsPerGeneration == null ? config.gradientAccumulationSteps() : stepsPerGeneration;
        long answers = (long) config.batchSize() * microBatches;
        if (answers > MOST_ANSWERS) {
            throw new ConfigurationException("batch_size is " + config.batchSize() + ", legal: at most " + MOST_ANSWERS
                    + " answers sampled together, found " + config.batchSize() + " x " + microBatches);
        }
        if (answers % numGenerations != 0) {
            throw new ConfigurationException("num_generations is " + numGenerations
                    + ", legal: a divisor of the answers sampled together, batch_size " + config.batchSize() + " x "
                    + (stepsPerGeneration == null ? "gradient_accumulation_steps " : "steps_per_generation ")
                    + microBatches + " = " + answers);
        }
        return (int) answers / numGenerations;
    }

    boolean recomputes(Precision precision) {
        return recomputeOldLogps == null ? precision == Precision.BFLOAT16 : recomputeOldLogps;
    }

    /** What makes advantages of scores. */
    CreditAssignment credit() {
        return credit(parts, algorithm, scaleRewards, normalizeAdvantages);
    }

    private static CreditAssignment credit(
            PolicyParts parts, PolicyAlgorithm algorithm, ScaleRewards scaleRewards, boolean normalizeAdvantages) {
        CreditAssignment own = parts.credit();
        return own == null ? algorithm.credit(scaleRewards, normalizeAdvantages) : own;
    }

    /** Whether answers are compared with the policy as it was. */
    boolean needsReference() {
        PolicyLoss loss = parts.loss();
        return beta > 0 || parts.klController() != null || (loss != null && loss.needsReference());
    }

    KlController controller() {
        KlController own = parts.klController();
        if (own != null) {
            return own;
        }
        return klTarget == null ? new KlController.Fixed(beta) : new KlController.Adaptive(beta, klTarget, klHorizon);
    }

    PolicyObjective objective() {
        String name = algorithm.name().toLowerCase(Locale.ROOT);
        PolicyLoss own = parts.loss();
        if (own != null) {
            return new PolicyObjective(name, own);
        }
        Clip clip = new RatioClip(epsilon, epsilonHigh, delta == null ? Double.POSITIVE_INFINITY : delta);
        return new PolicyObjective(name, lossType.loss(clip, klPlacement.penalty(beta), maxCompletionLength));
    }

    SamplingOptions sampling() {
        return SamplingOptions.atTemperature(temperature, maxCompletionLength, 0);
    }
}
