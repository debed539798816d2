package ai.preceptor.distill;

import ai.preceptor.lm.batch.PackedBatch;
import java.util.Arrays;

/**
 * A prompt with an answer, in tokens: the row of an objective that works on tokens, from any author.
 *
 * @param prompt {@code [prompt]}: ids, at least one
 * @param completion {@code [completion]}: ids, at least one
 * @param learnt {@code [completion]}: which of them take part in the loss; at least one does
 */
@SuppressWarnings("ArrayRecordComponent") // identity distinguishes them; they are never compared
public record TokenRow(int[] prompt, int[] completion, boolean[] learnt) {

    /** A row that learns its whole completion; without a prompt, all tokens but the first, which nothing precedes. */
    public static TokenRow learnt(int[] prompt, int[] completion) {
        boolean[] all = new boolean[completion.length];
        Arrays.fill(all, true);
        return marked(prompt, completion, all);
    }

    /** A row that learns some tokens of its completion; without a prompt, its first token becomes the prompt. */
    static TokenRow marked(int[] prompt, int[] completion, boolean[] learnt) {
        if (prompt.length > 0) {
            return new TokenRow(prompt, completion, learnt);
        }
        return new TokenRow(
                Arrays.copyOf(completion, 1),
                Arrays.copyOfRange(completion, 1, completion.length),
                Arrays.copyOfRange(learnt, 1, learnt.length));
    }

    /** Adds the row to a batch: one span, of the loss tokens. */
    public void packInto(PackedBatch.Builder into) {
        into.prompt(prompt);
        into.completion(completion, learnt);
    }

    /** How many tokens are learnt. */
    public int targets() {
        int count = 0;
        for (boolean one : learnt) {
            count += one ? 1 : 0;
        }
        return count;
    }
}
