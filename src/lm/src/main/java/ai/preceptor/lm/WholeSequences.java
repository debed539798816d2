package ai.preceptor.lm;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Whole sequences as packed batches, for parity checks with programs that know only padded rows. */
public final class WholeSequences {
    private WholeSequences() {}

    /** One sequence, every token fed and every hidden state read. */
    public static PackedBatch everyRow(int[] tokens) {
        int[] none = new int[tokens.length];
        Arrays.fill(none, PackedBatch.NO_TARGET);
        return sequence(tokens, IntStream.range(0, tokens.length).toArray(), none);
    }

    /** One sequence of at least 2 tokens, each but the first scored given those before it. */
    public static PackedBatch nextTokens(int[] tokens) {
        int[] targets = Arrays.copyOfRange(tokens, 1, tokens.length);
        return sequence(tokens, IntStream.range(0, targets.length).toArray(), targets);
    }

    private static PackedBatch sequence(int[] tokens, int[] sources, int[] targets) {
        return new PackedBatch(
                tokens,
                IntStream.range(0, tokens.length).toArray(),
                List.of(new Segment(0, 0, 0, tokens.length)),
                sources,
                targets,
                List.of(new Span(0, targets.length)));
    }
}
