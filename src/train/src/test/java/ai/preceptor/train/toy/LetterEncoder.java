package ai.preceptor.train.toy;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.PromptEncoder;

/** One token a character: its code modulo the vocabulary. */
public record LetterEncoder(int vocabulary) implements PromptEncoder {

    @Override
    public int[] prompt(Prompt prompt) {
        return ids(prompt.text());
    }

    @Override
    public int[] completion(Prompt prompt, Text completion) {
        return ids(completion);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        throw new UnsupportedOperationException("several letters have the same id");
    }

    private int[] ids(Text text) {
        return text.asString().chars().map(letter -> letter % vocabulary).toArray();
    }
}
