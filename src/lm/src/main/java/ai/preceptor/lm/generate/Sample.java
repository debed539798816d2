package ai.preceptor.lm.generate;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One completion while it grows. */
final class Sample {
    private final QueuedPrompt prompt;
    private final int number;
    private final SamplingOptions options;
    private final TokenDraws draws;
    private final BitSet stops;
    private final int limit;
    private int[] tokens = new int[32];
    private float[] logprobs = new float[32];
    private int count;
    private @Nullable FinishReason finish;

    /**
     * @param number which sample of its prompt this is, from 0
     * @param stops ids that end it
     * @param limit most tokens it may have, at least 1
     */
    Sample(QueuedPrompt prompt, int number, SamplingOptions options, BitSet stops, int limit) {
        this.prompt = prompt;
        this.number = number;
        this.options = options;
        this.draws = new TokenDraws(options.seed(), number);
        this.stops = stops;
        this.limit = limit;
    }

    /** Takes the next token; the sample may be finished then. */
    void accept(int token, float logprob) {
        if (Float.isNaN(logprob)) {
            throw new IllegalStateException("prompt " + prompt.number() + ", sample " + number + ", token " + count
                    + ": the model's logits are not numbers; its weights have diverged");
        }
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
            logprobs = Arrays.copyOf(logprobs, 2 * count);
        }
        tokens[count] = token;
        logprobs[count] = logprob;
        count++;
        if (stops.get(token)) {
            finish = FinishReason.STOP;
        } else if (count == limit) {
            finish = FinishReason.LENGTH;
        }
    }

    /** Why it ended, null while it grows. */
    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** The token that is fed next. */
    int lastToken() {
        return tokens[count - 1];
    }

    /** Where the token that is fed next stands; also how many columns of the cache are filled. */
    int position() {
        return prompt.length() + count - 1;
    }

    /** The uniform number of the next token; 0 when nothing is random. */
    long nextBits() {
        return options.isGreedy() ? 0 : draws.bits(count);
    }

    QueuedPrompt prompt() {
        return prompt;
    }

    int number() {
        return number;
    }

    SamplingOptions options() {
        return options;
    }

    /**
     * What came of it.
     *
     * @param text decodes token ids
     */
    Completion completion(Function<int[], String> text) {
        int[] ids = Arrays.copyOf(tokens, count);
        FinishReason reason = Objects.requireNonNull(finish, "sample still grows");
        return new Completion(text.apply(ids), ids, Arrays.copyOf(logprobs, count), reason);
    }
}
