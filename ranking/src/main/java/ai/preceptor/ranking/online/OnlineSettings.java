package ai.preceptor.ranking.online;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.train.TrainConfig;
import org.jspecify.annotations.Nullable;

/**
 * How answers are sampled and selected where preferences are learnt online; the defaults are those of TRL's {@code
 * OnlineDPOConfig}.
 *
 * @param numGenerations answers to each prompt, 2 or more; null for 2, or for as many as were recorded
 * @param select which of them are learnt from; null for best and worst with losses over pairs and over labels, the whole
 *     group with losses over groups
 * @param missingEosPenalty subtracted from the score of an answer without an end token, before answers are compared; 0 or
 *     more
 * @param maxNumGenBatches batches that may be sampled for one step, 1 or more
 * @param sampling how tokens are drawn
 */
public record OnlineSettings(
        @Key(
                help = "online: answers sampled per prompt",
                defaultText = "2, with rollouts as recorded",
                range = "[2, 65536]")
        @Nullable
        Integer numGenerations,

        @Key(
                help = "online: answers to a prompt that are trained on",
                defaultText = "best_worst for losses over pairs and labels, group for losses over groups")
        @Nullable
        Selection select,

        @Key(
                help = "online: penalty subtracted from the score of an answer without an end token",
                defaultValue = "0",
                range = "[0, 1e9)")
        double missingEosPenalty,

        @Key(
                help = "online: maximum batches of prompts sampled per step",
                defaultValue = "10",
                range = "[1, 65536]",
                effect = KeyEffect.REVISABLE)
        int maxNumGenBatches,

        @Group(
                title = "Online: sampling",
                defaults = {
                    "max_new_tokens=" + OnlineSettings.MAX_NEW_TOKENS,
                    "temperature=" + OnlineSettings.TEMPERATURE
                })
        SamplingSettings sampling)
        implements Checked {

    static final int MAX_NEW_TOKENS = 64;
    static final double TEMPERATURE = 0.9;

    /** Answers to each prompt unless something else is said. */
    private static final int GENERATIONS = 2;

    /** Most answers that are sampled and kept together. */
    private static final int MOST_ANSWERS = 1 << 20;

    /** @throws ai.preceptor.data.ConfigurationException naming every number that is out of its range */
    public OnlineSettings {
        Refusals.of(OnlineSettings.class, numGenerations, select, missingEosPenalty, maxNumGenBatches, sampling)
                .throwIfAny();
    }

    /** Everything at its default. */
    public static OnlineSettings defaults() {
        return new OnlineSettings(
                null,
                null,
                0,
                10,
                SamplingSettings.builder()
                        .maxNewTokens(MAX_NEW_TOKENS)
                        .temperature(TEMPERATURE)
                        .build());
    }

    /** The same with so many answers to each prompt. */
    public OnlineSettings generating(int answers) {
        return new OnlineSettings(answers, select, missingEosPenalty, maxNumGenBatches, sampling);
    }

    /** The same, learning from other answers. */
    public OnlineSettings selecting(Selection other) {
        return new OnlineSettings(numGenerations, other, missingEosPenalty, maxNumGenBatches, sampling);
    }

    /** The same with this subtracted from the score of an answer without an end token. */
    public OnlineSettings penalizing(double missingEos) {
        return new OnlineSettings(numGenerations, select, missingEos, maxNumGenBatches, sampling);
    }

    /** The same with so many batches that may be sampled for a step. */
    public OnlineSettings trying(int batches) {
        return new OnlineSettings(numGenerations, select, missingEosPenalty, batches, sampling);
    }

    /** The same, drawing tokens otherwise. */
    public OnlineSettings sampling(SamplingSettings other) {
        return new OnlineSettings(numGenerations, select, missingEosPenalty, maxNumGenBatches, other);
    }

    @Override
    public void check(Checks checks) {
        if (sampling.isGreedy()) {
            checks.refuse(
                    "temperature", "expected above 0, since greedy answers to a prompt are all the same, found 0.0");
        }
    }

    /**
     * Refuses steps that these answers cannot be cut into.
     *
     * @param method what learns from them
     */
    public void check(TrainConfig training, RankMethod method, Checks checks) {
        int rowsPerPrompt = OnlineMethod.rowsPerPrompt(method);
        int fewest = OnlineMethod.fewestPrompts(method) * rowsPerPrompt;
        long rows = (long) training.batchSize() * training.gradientAccumulationSteps();
        if (rows % rowsPerPrompt != 0) {
            checks.refuse(
                    "batch_size",
                    "expected batch_size x gradient_accumulation_steps to be a multiple of " + rowsPerPrompt
                            + ", the labeled answers that a prompt makes online, found " + rows);
        } else if (rows < fewest) {
            checks.refuse(
                    "batch_size",
                    "expected batch_size x gradient_accumulation_steps to be at least " + fewest
                            + ", two labeled answers to each of two prompts, since a baseline is estimated from answers to"
                            + " other prompts, found " + rows);
        } else if (rows > MOST_ANSWERS || rows / rowsPerPrompt * generations() > MOST_ANSWERS) {
            checks.refuse(
                    "batch_size",
                    "expected batch_size x gradient_accumulation_steps x num_generations, the answers that are sampled and"
                            + " kept together, to be at most " + MOST_ANSWERS + ", found " + training.batchSize()
                            + " x " + training.gradientAccumulationSteps() + " x " + generations());
        }
        if (sampling.maxNewTokens() >= training.maxLength()) {
            checks.refuse(
                    "max_length",
                    "expected more than max_new_tokens " + sampling.maxNewTokens() + ", found " + training.maxLength());
        }
    }

    /** Answers to each prompt. */
    public int generations() {
        return numGenerations == null ? GENERATIONS : numGenerations;
    }

    /** How tokens are drawn. */
    public SamplingOptions options() {
        return new SamplingOptions(sampling, 0);
    }
}
