package ai.preceptor.lm.batch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Whole sequences as packed batches, for parity checks with programs that know only padded rows. */
public final class WholeSequences {
    private WholeSequences() {}

    /** One sequence, every token fed and every hidden state read. */
    public static PackedBatch everyRow(int[] tokens) {
        return everyRow(tokens, 0);
    }

    /**
     * One sequence, every token fed and every hidden state read.
     *
     * @param length of the longest sequence beside it in a padded batch: where rotary angles depend on the length, that
     *     length counts, as in transformers
     */
    public static PackedBatch everyRow(int[] tokens, int length) {
        int[] none = new int[tokens.length];
        Arrays.fill(none, PackedBatch.NO_TARGET);
        return sequence(tokens, length, IntStream.range(0, tokens.length).toArray(), none);
    }

    /** One sequence of at least 2 tokens, each but the first scored given those before it; length as above. */
    public static PackedBatch nextTokens(int[] tokens, int length) {
        int[] targets = Arrays.copyOfRange(tokens, 1, tokens.length);
        return sequence(tokens, length, IntStream.range(0, targets.length).toArray(), targets);
    }

    /** One sequence whose last hidden state alone is read; length as above. */
    public static PackedBatch lastRow(int[] tokens, int length) {
        return sequence(tokens, length, new int[] {tokens.length - 1}, new int[] {PackedBatch.NO_TARGET});
    }

    private static PackedBatch sequence(int[] tokens, int length, int[] sources, int[] targets) {
        int[] padded = Arrays.copyOf(tokens, Math.max(tokens.length, length));
        return new PackedBatch(
                padded,
                IntStream.range(0, padded.length).toArray(),
                List.of(new Segment(0, 0, 0, padded.length)),
                sources,
                targets,
                List.of(new Span(0, targets.length)));
    }
}
