package ai.preceptor.lm.generate;

import ai.preceptor.data.setting.DefaultSettings;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * How tokens are drawn, as a user sets it; {@link SamplingOptions} says in which order. The annotations are the one home of
 * defaults, ranges and help texts.
 *
 * @param maxNewTokens tokens a completion may have, the stop token included
 * @param temperature 0 for the most probable token each time, else the divisor of the logits
 * @param topP keep the most probable tokens that together reach this probability; 1 for all
 * @param topK keep this many most probable tokens; 0 for all
 * @param minP keep tokens at least this fraction as probable as the most probable one; 0 for all
 * @param repetitionPenalty of tokens in the prompt or the completion so far: z / r where the logit z is positive, z * r
 *     where not (Keskar et al. 2019, section 4.1; transformers' and vLLM's key of this name); 1 for none
 * @param presencePenalty subtracted from z of every token of the completion so far (OpenAI's key of this name and range)
 * @param frequencyPenalty subtracted as often as the token occurs in the completion so far (the same)
 * @param minNewTokens the model's ends of sequence and {@link Stops#ids} are not drawn, and {@link Stops#strings} not looked
 *     for, while the completion has fewer tokens. A token that ends it comes after these, as in transformers and vLLM
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record SamplingSettings(
        @Key(help = "maximum tokens of an answer", defaultValue = "256", range = "[1, inf)")
        int maxNewTokens,

        @Key(help = "sampling temperature; 0 is greedy", defaultValue = "1", range = "[0, inf)")
        double temperature,

        @Key(
                help = "top-p: sample from the most probable tokens with this total probability",
                defaultValue = "1",
                range = "(0, 1]")
        double topP,

        @Key(
                help = "top-k: sample from this many of the most probable tokens; 0 for all",
                defaultValue = "0",
                range = "[0, inf)")
        int topK,

        @Key(
                help = "exclude tokens less probable than this times the most probable one",
                defaultValue = "0",
                range = "[0, 1]")
        double minP,

        @Key(
                help = "divisor of positive logits, and factor of negative ones, of tokens in the prompt or answer",
                defaultValue = "1",
                range = "(0, inf)")
        double repetitionPenalty,

        @Key(
                help = "penalty subtracted from the logits of tokens that occur in the answer",
                defaultValue = "0",
                range = "[-2, 2]")
        double presencePenalty,

        @Key(
                help = "penalty subtracted from a token's logit for each occurrence in the answer",
                defaultValue = "0",
                range = "[-2, 2]")
        double frequencyPenalty,

        @Key(help = "minimum tokens of an answer, at most max_new_tokens", defaultValue = "0", range = "[0, inf)")
        int minNewTokens) {

    /** @throws ai.preceptor.data.ConfigurationException naming every number that is out of its range */
    public SamplingSettings {
        Refusals refusals = Refusals.of(
                SamplingSettings.class,
                maxNewTokens,
                temperature,
                topP,
                topK,
                minP,
                repetitionPenalty,
                presencePenalty,
                frequencyPenalty,
                minNewTokens);
        if (!refusals.concern("max_new_tokens") && minNewTokens > maxNewTokens) {
            refusals.refuse(
                    "min_new_tokens", "expected at most max_new_tokens " + maxNewTokens + ", found " + minNewTokens);
        }
        refusals.throwIfAny();
    }

    /** Starts from the defaults: 256 tokens of the model's own distribution. */
    public static SamplingSettingsBuilder builder() {
        return new DefaultSettings<>(SamplingSettings.class).make().but();
    }

    /** Starts from these. */
    public SamplingSettingsBuilder but() {
        return SamplingSettingsBuilder.builder(this);
    }

    /** Whether nothing is random. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether tokens are drawn from the model's own distribution, which estimates of the KL need. */
    public boolean isUnfiltered() {
        return temperature == 1 && isTemperatureOnly();
    }

    /** Whether nothing but the temperature changes the distribution. */
    public boolean isTemperatureOnly() {
        return topP == 1 && topK == 0 && minP == 0 && !penalizes() && minNewTokens == 0;
    }

    /** Whether tokens that have occurred are less likely. */
    public boolean penalizes() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }
}
