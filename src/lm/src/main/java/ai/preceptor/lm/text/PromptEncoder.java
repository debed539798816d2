package ai.preceptor.lm.text;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.List;

/**
 * Turns prompts and answers into the token ids a model reads, and back.
 *
 * <p>The ids of an answer are those that follow its prompt: {@code prompt(p)} followed by {@code completion(p, c)} is
 * the whole exchange as the model saw it in training.
 */
public interface PromptEncoder {

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
     * The tokens of a prompt and of several answers to it, which share its boundary.
     *
     * @param prompt what was asked; of an empty conversation every token is the answer's
     * @param completions the answers, in the prompt's form
     */
    default Encoded encode(Prompt prompt, List<Text> completions) {
        List<int[]> answers =
                completions.stream().map(text -> completion(prompt, text)).toList();
        return new Encoded(prompt(prompt), answers, 0);
    }

    /**
     * Which tokens of an answer the chat template marks as the assistant's own.
     *
     * @param prompt what was asked
     * @param completion the answer, in the prompt's form
     * @return for each id that {@link #encode} gives the answer, whether a generation block of the template wrote it
     * @throws EncodingException when there is no template, or it marks nothing
     */
    default boolean[] assistantMask(Prompt prompt, Text completion) {
        throw new EncodingException("assistant_only_loss: needs a chat template with generation blocks, found none");
    }

    /**
     * The tokens of a piece of text by itself, without any that a tokenizer puts around a text.
     *
     * @throws EncodingException when it has no such pieces, as by default
     */
    default int[] piece(String text) {
        throw new EncodingException("text: pieces of an answer cannot be encoded apart");
    }

    /** Id of the token that begins a sequence, -1 where the tokenizer names none. */
    default int beginId() {
        return -1;
    }

    /** Id of the token that ends a sequence, -1 where the tokenizer names none. */
    default int endId() {
        return -1;
    }

    /**
     * The text of some tokens.
     *
     * @param ids token ids
     * @param skipSpecial whether to leave special tokens out
     */
    String decode(int[] ids, boolean skipSpecial);
}
