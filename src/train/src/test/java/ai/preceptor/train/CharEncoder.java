package ai.preceptor.train;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.stream.IntStream;

/** One token per char; 1 begins a prompt and 2 ends an answer. */
public final class CharEncoder implements PromptEncoder {

    @Override
    public int[] prompt(Prompt prompt) {
        return IntStream.concat(IntStream.of(1), prompt.text().asString().chars())
                .toArray();
    }

    @Override
    public int[] completion(Prompt prompt, Text completion) {
        return IntStream.concat(completion.asString().chars(), IntStream.of(2)).toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (!skipSpecial || id > 2) {
                text.append((char) id);
            }
        }
        return text.toString();
    }
}
