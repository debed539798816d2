package ai.preceptor.lm.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids of a text with the characters each came from.
 *
 * @param ids {@code [tokens]}
 * @param starts {@code [tokens]}: Java {@code char} offset of a token's first character; -1 for one that the tokenizer
 *     put there and no text stands for
 * @param ends {@code [tokens]}: one past its last character, or -1
 */
public record TokenizedText(int[] ids, int[] starts, int[] ends) {

    /** @param spans in code points, as the library counts */
    static TokenizedText of(String text, int[] ids, @Nullable CharSpan[] spans) {
        int[] offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int point = 1; point < offsets.length; point++) {
            offsets[point] = text.offsetByCodePoints(offsets[point - 1], 1);
        }
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            CharSpan span = spans[i];
            starts[i] = span == null ? -1 : offsets[span.getStart()];
            ends[i] = span == null ? -1 : offsets[span.getEnd()];
        }
        return new TokenizedText(ids, starts, ends);
    }

    /**
     * Which tokens hold a character of [start, end): all between the one that holds the first and the one that holds the
     * last, as transformers' {@code assistant_masks} has it.
     *
     * @param mask {@code [tokens]}, set to 1 there
     */
    public void mark(int start, int end, int[] mask) {
        int first = tokenAt(start);
        int last = tokenAt(end - 1);
        if (first >= 0 && last >= first) {
            Arrays.fill(mask, first, last + 1, 1);
        }
    }

    /** The first token that holds a character, or -1. */
    private int tokenAt(int character) {
        for (int i = 0; i < ids.length; i++) {
            if (starts[i] <= character && character < ends[i]) {
                return i;
            }
        }
        return -1;
    }
}
