package ai.preceptor.app.keys;

import ai.preceptor.app.config.Key;
import ai.preceptor.lm.generate.SamplingOptions;

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
        double minP) {

    /** Whether tokens are drawn from the model's own distribution, which estimates of the KL need. */
    public boolean isUnfiltered() {
        return temperature == 1 && topP == 1 && topK == 0 && minP == 0;
    }

    /** As the generator takes it. */
    public SamplingOptions options(long seed) {
        return new SamplingOptions(maxNewTokens, temperature, topP, topK, minP, seed, new int[0]);
    }
}
