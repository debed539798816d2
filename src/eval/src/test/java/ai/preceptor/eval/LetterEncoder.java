package ai.preceptor.eval;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.Arrays;

/** One token per char; 0 ends an answer. */
final class LetterEncoder implements PromptEncoder {

    @Override
    public int[] prompt(Prompt prompt) {
        return prompt.text().asString().chars().toArray();
    }

    @Override
    public int[] completion(Prompt prompt, Text completion) {
        String text = completion.asString();
        return Arrays.copyOf(text.chars().toArray(), text.length() + 1);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        throw new UnsupportedOperationException("not needed here");
    }
}
