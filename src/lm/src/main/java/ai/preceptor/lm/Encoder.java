package ai.preceptor.lm;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;

/**
 * Turns prompts and answers into the token ids a model reads, and back.
 *
 * <p>The ids of an answer are those that follow its prompt: {@code prompt(p)} followed by {@code completion(p, c)} is
 * the whole exchange as the model saw it in training.
 */
public interface Encoder {

    /**
     * The tokens of a prompt: a conversation with the template's generation prompt, a plain text with the tokenizer's
     * own special tokens.
     *
     * @param prompt what is asked
     * @return token ids
     */
    int[] prompt(Prompt prompt);

    /**
     * The tokens of an answer to that prompt: what the chat template adds after the generation prompt, or a plain text
     * and the end-of-sequence token.
     *
     * @param prompt what was asked
     * @param completion the answer, in the prompt's form
     * @return token ids
     */
    int[] completion(Prompt prompt, Text completion);

    /**
     * The text of some tokens.
     *
     * @param ids token ids
     * @param skipSpecial whether to leave special tokens out
     */
    String decode(int[] ids, boolean skipSpecial);
}
