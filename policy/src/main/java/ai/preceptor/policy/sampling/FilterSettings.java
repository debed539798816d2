package ai.preceptor.policy.sampling;

import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.generate.SamplingSettings;

/**
 * Which of the probable tokens an answer is sampled from, by the names of {@link SamplingSettings}. The ids that were kept
 * are stored with each token, and every log-probability of policy optimization (new, old, reference), its entropy and
 * its KL are normalized over them: otherwise the gradient is that of a policy which did not sample, and ratios of an
 * unchanged policy are not 1.
 *
 * @param topP keep the most probable tokens that together reach this probability; 1 for all
 * @param topK keep this many most probable tokens; 0 for all
 * @param minP keep tokens at least this fraction as probable as the most probable one; 0 for all
 */
public record FilterSettings(
        @Key(
                help = "sample from the most probable tokens with this total probability; log-probabilities "
                        + "are normalized over them",
                defaultValue = "1",
                range = "(0, 1]")
        double topP,

        @Key(
                help = "sample from this many of the most probable tokens; 0 for all; normalized as for top_p",
                defaultValue = "0",
                range = "[0, inf)")
        int topK,

        @Key(
                help = "exclude tokens less probable than this times the most probable one; normalized as for top_p",
                defaultValue = "0",
                range = "[0, 1]")
        double minP) {

    /** These settings with the filters. */
    public SamplingSettings apply(SamplingSettings settings) {
        return settings.but().topP(topP).topK(topK).minP(minP).build();
    }
}
