package ai.preceptor.lm.generate;

import ai.preceptor.data.Completion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished sample.
 *
 * @param completion text, tokens and the policy's log-probabilities. A sample that was cancelled before its first token has
 *     none
 * @param tokens the same tokens with everything that is known of them
 * @param stopString which of {@link Stops#strings} ended it, null if none did
 */
public record GeneratedSample(
        Completion completion,
        List<GeneratedToken> tokens,
        @Nullable String stopString) {

    /** Copies the list. */
    public GeneratedSample {
        tokens = List.copyOf(tokens);
    }
}
