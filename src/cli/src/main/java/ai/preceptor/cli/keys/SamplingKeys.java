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
        @Key(help = "most tokens of an answer", standard = "256", range = "[1, inf)")
        int maxNewTokens,

        @Key(help = "sharpness of the distribution, 0 for the likeliest token", standard = "1", range = "[0, inf)")
        double temperature,

        @Key(help = "draw from the likeliest tokens of this total probability", standard = "1", range = "(0, 1]")
        double topP,

        @Key(help = "draw from so many likeliest tokens, 0 for all", standard = "0", range = "[0, inf)")
        int topK,

        @Key(help = "leave out tokens less likely than this times the likeliest", standard = "0", range = "[0, 1]")
        double minP,

        @Key(
                help = "divide positive logits of tokens that occurred, in the prompt too, and multiply negative ones",
                standard = "1",
                range = "(0, inf)")
        double repetitionPenalty,

        @Key(help = "subtract from the logits of tokens of the answer so far", standard = "0", range = "[-2, 2]")
        double presencePenalty,

        @Key(help = "the same for each time a token occurred", standard = "0", range = "[-2, 2]")
        double frequencyPenalty,

        @Key(
                help = "fewest tokens before an answer may end, at most max_new_tokens",
                standard = "0",
                range = "[0, inf)")
        int minNewTokens)
        implements Checked {

    @Override
    public void check(Checks checks) {
        // a refused max_new_tokens has been told by itself
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
    boolean isTemperatureOnly() {
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
