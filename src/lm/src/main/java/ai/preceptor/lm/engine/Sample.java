package ai.preceptor.lm.engine;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.lm.engine.store.BlockTable;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.SampleText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One completion while it grows. */
final class Sample {
    private final QueuedPrompt prompt;
    private final int number;
    private final TokenDraws draws;
    private final BitSet stops;
    private final int limit;
    private final @Nullable SampleText text;
    private final BlockTable blocks = new BlockTable();
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private final Map<Integer, Integer> counts = new HashMap<>();
    private final TokenSupports.Builder supports = TokenSupports.builder();
    private @Nullable FinishReason finish;
    private boolean reserved;
    private boolean served;
    private int row;

    /**
     * @param number which sample of its prompt this is, from 0
     * @param stops ids that end it
     * @param limit most tokens it may have, at least 1
     * @param text its text as it grows, null if it is not read before the end
     */
    Sample(QueuedPrompt prompt, int number, BitSet stops, int limit, @Nullable SampleText text) {
        this.prompt = prompt;
        this.number = number;
        this.draws = new TokenDraws(options().seed(), number);
        this.stops = stops;
        this.limit = limit;
        this.text = text;
    }

    /**
     * Takes the next token; the sample may be finished then.
     *
     * @param support the ids that it was drawn from; null for the whole vocabulary
     */
    void accept(GeneratedToken token, int @Nullable [] support) {
        tokens.add(token);
        if (options().settings().penalizes()) {
            counts.merge(token.id(), 1, Integer::sum);
        }
        supports.add(support);
        boolean mayStop = count() >= options().settings().minNewTokens();
        boolean stopped = text != null && text.add(token.id(), mayStop);
        if (stopped || stops.get(token.id())) {
            finish = FinishReason.STOP;
        } else if (count() == limit) {
            finish = FinishReason.LENGTH;
        }
    }

    /** Ends it before its time. */
    void end(FinishReason reason) {
        finish = reason;
    }

    /** Why it ended, null while it grows. */
    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** Whether it has ended, or its request has failed. */
    boolean isOver() {
        return finish != null || prompt.failure() != null;
    }

    /** Whether the store has set blocks aside for it. */
    boolean isReserved() {
        return reserved;
    }

    void setReserved() {
        reserved = true;
    }

    /** Says that it has its first token, or needs none any more. */
    void serve() {
        if (!served) {
            served = true;
            prompt.served();
        }
    }

    int count() {
        return tokens.size();
    }

    GeneratedToken last() {
        return tokens.get(count() - 1);
    }

    /** Where the token that is fed next stands. */
    int position() {
        return prompt.length() + count() - 1;
    }

    /** The position of its own first column. */
    int firstPosition() {
        return prompt.isShared() ? prompt.length() : 0;
    }

    /** Blocks of its own that it may come to need: its last token is never fed. */
    int ownBlocks() {
        return KvStore.blocksFor(prompt.length() + limit - 1 - firstPosition());
    }

    BlockTable blocks() {
        return blocks;
    }

    /** The uniform number of the next token; 0 when nothing is random. */
    long nextBits() {
        return options().settings().isGreedy() ? 0 : draws.bits(count());
    }

    /** Its place among the rows of a step. */
    int row() {
        return row;
    }

    void setRow(int place) {
        row = place;
    }

    QueuedPrompt prompt() {
        return prompt;
    }

    int number() {
        return number;
    }

    SamplingOptions options() {
        return prompt.handle().request().options();
    }

    /** Ids that end it. */
    BitSet stops() {
        return stops;
    }

    List<GeneratedToken> tokens() {
        return tokens;
    }

    /** How often each token has occurred in it; empty where that changes nothing. */
    Map<Integer, Integer> counts() {
        return counts;
    }

    /** What is new and certain of a text that is read as it grows; at the end, all that is left. */
    String newText() {
        return text == null ? "" : text.take(finish != null);
    }

    /**
     * What came of it.
     *
     * @param decode text of token ids
     */
    GeneratedSample result(Function<int[], String> decode) {
        int[] ids = tokens.stream().mapToInt(GeneratedToken::id).toArray();
        float[] logprobs = new float[ids.length];
        float[] drawn = options().isUnfiltered() ? logprobs : new float[ids.length]; // else they differ in rounding
        for (int i = 0; i < ids.length; i++) {
            drawn[i] = tokens.get(i).samplingLogprob();
            logprobs[i] = tokens.get(i).logprob();
        }
        FinishReason reason = Objects.requireNonNull(finish, "sample still grows");
        String stop = text == null ? null : text.stop();
        String whole = text == null || stop == null ? decode.apply(ids) : text.beforeStop();
        return new GeneratedSample(
                new Completion(whole, Arrays.copyOf(ids, ids.length), logprobs, drawn, reason, supports.build()),
                tokens,
                stop);
    }
}
