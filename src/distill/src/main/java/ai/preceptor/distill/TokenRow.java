package ai.preceptor.distill;

import ai.preceptor.lm.batch.PackedBatch;
import java.util.Arrays;
import java.util.List;

/**
 * A prompt with an answer, in tokens: the row of an objective that works on tokens, from any author.
 *
 * @param prompt {@code [prompt]}: ids, at least one
 * @param completion {@code [completion]}: ids, at least one
 * @param learnt {@code [completion]}: which of them take part in the loss; at least one does
 * @param asked {@code [asked]}: what the student answers where it writes an answer of its own. The prompt, unless tokens of
 *     the prompt are part of {@code completion}; empty where the row has no prompt
 * @param view how teachers see it
 */
@SuppressWarnings("ArrayRecordComponent") // identity distinguishes them; they are never compared
public record TokenRow(int[] prompt, int[] completion, boolean[] learnt, int[] asked, View view) {

    /**
     * How teachers see a row.
     *
     * @param teacher which of several teaches it, counted from 0, where each row has one of its own
     * @param seen the row as each teacher sees it: with another prompt, or in its own tokens; one where all who see it see the
     *     same, empty where that is what the student sees
     */
    public record View(int teacher, List<TokenRow> seen) {
        /** What the student sees, from the first teacher. */
        public static final View PLAIN = new View(0, List.of());

        /** Copies the list. */
        public View {
            seen = List.copyOf(seen);
        }
    }

    /** A row that teachers see as the student does. */
    public TokenRow(int[] prompt, int[] completion, boolean[] learnt) {
        this(prompt, completion, learnt, View.PLAIN);
    }

    /** A row whose prompt is what the student answers. */
    public TokenRow(int[] prompt, int[] completion, boolean[] learnt, View view) {
        this(prompt, completion, learnt, prompt, view);
    }

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

    /** The same row, which teachers see so. */
    public TokenRow with(View other) {
        return new TokenRow(prompt, completion, learnt, asked, other);
    }

    /** The same row, of which the student answers these tokens. */
    TokenRow asking(int[] other) {
        return new TokenRow(prompt, completion, learnt, other, view);
    }

    /** An answer to what the row asks, of which all is learnt; teachers see it after the prompts that they see. */
    public TokenRow answered(int[] answer) {
        List<TokenRow> seen =
                view.seen().stream().map(row -> row.answered(answer)).toList();
        return learnt(asked, answer).with(new View(view.teacher(), seen));
    }

    /**
     * The row as a teacher sees it.
     *
     * @param teacher counted from 0
     */
    public TokenRow seenBy(int teacher) {
        List<TokenRow> seen = view.seen();
        return seen.isEmpty() ? this : seen.get(seen.size() == 1 ? 0 : teacher);
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
