package ai.preceptor.ranking.online;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.IdentityHashMap;
import java.util.Objects;

/**
 * The tokens that were sampled, by the very objects that stand for their texts: an answer that was broken off gets no end, and
 * none is encoded again, which may give other tokens.
 */
public final class SampledTokens {
    private final IdentityHashMap<Prompt, int[]> prompts = new IdentityHashMap<>();
    private final IdentityHashMap<Text, int[]> answers = new IdentityHashMap<>();

    /** The text of an answer, by which its tokens are found. */
    Text text(Trajectory answer) {
        Text text = answer.prompt().reply(answer.completion().text());
        prompts.put(answer.prompt(), answer.promptIds());
        answers.put(text, answer.completion().tokenIds());
        return text;
    }

    /** An encoder of these prompts and answers; {@code other} decodes. */
    PromptEncoder over(PromptEncoder other) {
        return new Encoder(other);
    }

    /** Names neither a beginning nor an end of sequence, so that nothing is added to what was sampled. */
    private final class Encoder implements PromptEncoder {
        private final PromptEncoder other;

        Encoder(PromptEncoder other) {
            this.other = other;
        }

        @Override
        public int[] prompt(Prompt prompt) {
            return Objects.requireNonNull(prompts.get(prompt), "a prompt that was not sampled for");
        }

        @Override
        public int[] completion(Prompt prompt, Text completion) {
            return Objects.requireNonNull(answers.get(completion), "an answer that was not sampled");
        }

        @Override
        public String decode(int[] ids, boolean skipSpecial) {
            return other.decode(ids, skipSpecial);
        }
    }
}
