package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.generate.Penalties;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.generate.TokenRules;
import java.util.List;
import java.util.Set;

/** How tokens are drawn. */
public record SamplingKeys(
        @Key(help = "maximum number of tokens of an answer", defaultValue = "256", range = "[1, inf)")
        int maxNewTokens,

        @Key(help = "temperature, 0 for greedy", defaultValue = "1", range = "[0, inf)")
        double temperature,

        @Key(
                help = "sample from the most probable tokens with this total probability",
                defaultValue = "1",
                range = "(0, 1]")
        double topP,

        @Key(
                help = "sample from this many of the most probable tokens, 0 for all",
                defaultValue = "0",
                range = "[0, inf)")
        int topK,

        @Key(
                help = "exclude tokens less probable than this times the most probable one",
                defaultValue = "0",
                range = "[0, 1]")
        double minP,

        @Key(
                help = "divides positive logits of tokens that occurred, also in the prompt, and multiplies "
                        + "negative ones",
                defaultValue = "1",
                range = "(0, inf)")
        double repetitionPenalty,

        @Key(
                help = "subtracted from the logits of tokens that occur in the answer",
                defaultValue = "0",
                range = "[-2, 2]")
        double presencePenalty,

        @Key(help = "subtracted once for each occurrence of a token", defaultValue = "0", range = "[-2, 2]")
        double frequencyPenalty,

        @Key(
                help = "minimum number of tokens before an answer may end, at most max_new_tokens",
                defaultValue = "0",
                range = "[0, inf)")
        int minNewTokens)
        implements Checked {

    @Override
    public void check(Checks checks) {
        // an invalid max_new_tokens has been reported by itself
        if (maxNewTokens >= 1 && minNewTokens > maxNewTokens) {
            checks.refuse(
                    "min_new_tokens", "expected at most max_new_tokens " + maxNewTokens + ", found " + minNewTokens);
        }
    }

    /** Whether tokens are drawn from the model's own distribution, which estimates of the KL need. */
    public boolean isUnfiltered() {
        return temperature == 1 && isTemperatureOnly();
    }

    /** Whether nothing but the temperature changes the distribution. */
    public boolean isTemperatureOnly() {
        return topP == 1 && topK == 0 && minP == 0 && penalties().isNone() && minNewTokens == 0;
    }

    private Penalties penalties() {
        return new Penalties(repetitionPenalty, presencePenalty, frequencyPenalty);
    }

    /** As the generator takes it. */
    public SamplingOptions options(long seed) {
        return new SamplingOptions(
                maxNewTokens,
                temperature,
                topP,
                topK,
                minP,
                seed,
                penalties(),
                TokenRules.NONE,
                new Stops(Set.of(), List.of(), minNewTokens));
    }
}
