package ai.preceptor.vllm;

import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import java.util.function.Function;

/**
 * What servers are asked for, and what a reply may hold.
 *
 * @param options how tokens are drawn; the seed is replaced
 * @param stopIds the model's ends of sequence
 * @param vocabulary ids lie below it
 * @param context most tokens of prompt and answer together
 * @param text decodes token ids, special tokens left out
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, compared by nobody
public record SamplingTerms(
        SamplingOptions options, int[] stopIds, int vocabulary, int context, Function<int[], String> text) {

    /** The same with a context of this or less; one token less where answers are read a second time. */
    SamplingTerms within(int longest) {
        int room = isReshaped() ? longest - 1 : longest;
        return new SamplingTerms(options, stopIds, vocabulary, Math.min(context, room), text);
    }

    SamplingSettings settings() {
        return options.settings();
    }

    /** Whether the model's own log-probabilities are not those that a server tells of a token it draws. */
    boolean isReshaped() {
        return !options.isUnfiltered() && !(settings().isGreedy() && settings().isTemperatureOnly());
    }
}
