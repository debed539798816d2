package ai.preceptor.ranking.pair;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.Arrays;

/** How a prompt and its answers become the sequences of a pairwise objective. */
public enum PairPacking {
    /** As the chat template writes them, which is how all other objectives have them. */
    TEMPLATE(false, false),
    /**
     * Between a beginning-of-sequence and an end-of-sequence token, each added unless it is there or the tokenizer has
     * none: what TRL's trainer of CPO and SimPO does after the chat template.
     */
    ENCLOSED(true, false),
    /** The same, with the prompt's tokens scored too, in a span before the answers': what ORPO's imitation needs. */
    ENCLOSED_WITH_PROMPT(true, true);

    private final boolean encloses;
    private final boolean scoresPrompt;

    PairPacking(boolean encloses, boolean scoresPrompt) {
        this.encloses = encloses;
        this.scoresPrompt = scoresPrompt;
    }

    void pack(Encoded encoded, PromptEncoder encoder, PackedBatch.Builder into) {
        into.prompt(encloses ? begun(encoded.prompt(), encoder.beginId()) : encoded.prompt());
        if (scoresPrompt) {
            into.scoredPrompt();
        }
        encoded.completions().forEach(ids -> into.completion(encloses ? ended(ids, encoder.endId()) : ids));
    }

    /** How many spans of a row come before those of its answers: 1 where the prompt is scored. */
    int spansBeforeAnswers() {
        return scoresPrompt ? 1 : 0;
    }

    private static int[] begun(int[] ids, int begin) {
        if (begin < 0 || (ids.length > 0 && ids[0] == begin)) {
            return ids;
        }
        int[] begun = new int[ids.length + 1];
        begun[0] = begin;
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    private static int[] ended(int[] ids, int end) {
        if (end < 0 || ids[ids.length - 1] == end) {
            return ids;
        }
        int[] ended = Arrays.copyOf(ids, ids.length + 1);
        ended[ids.length] = end;
        return ended;
    }
}
