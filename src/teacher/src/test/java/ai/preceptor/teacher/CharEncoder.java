package ai.preceptor.teacher;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.stream.IntStream;

/** One token per char; 1 begins a prompt and 2 ends an answer. A text with '#' cannot be encoded. */
final class CharEncoder implements PromptEncoder {

    @Override
    public int[] prompt(Prompt prompt) {
        return IntStream.concat(IntStream.of(1), chars(prompt.text())).toArray();
    }

    @Override
    public int[] completion(Prompt prompt, Text completion) {
        return IntStream.concat(chars(completion), IntStream.of(2)).toArray();
    }

    private static IntStream chars(Text text) {
        if (text.asString().contains("#")) {
            throw new EncodingException("text: found # in \"" + text.asString() + "\"");
        }
        return text.asString().chars();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        throw new UnsupportedOperationException("not needed here");
    }
}
