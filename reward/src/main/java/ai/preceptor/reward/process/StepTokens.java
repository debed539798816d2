package ai.preceptor.reward.process;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An answer in steps as a process reward model reads it, equal to TRL's: each step and the separator after it are tokenized
 * apart, so that a step is read at the same token whatever follows.
 *
 * @param prompt token ids: of a conversation what the chat template writes before an answer, of plain text its own with the
 *     token that begins a sequence
 * @param steps token ids of all steps with their separators, one after the other
 * @param ends for each step, the index in {@code steps} of its last token
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a batch, never compared
public record StepTokens(int[] prompt, int[] steps, int[] ends) {

    /**
     * Encodes an answer.
     *
     * @param separator put after each step
     * @throws EncodingException when a step with its separator has no token, or the template refuses the prompt
     */
    public static StepTokens of(Prompt prompt, List<String> steps, String separator, PromptEncoder encoder) {
        int[] after = encoder.piece(separator);
        List<int[]> pieces = new ArrayList<>();
        int[] ends = new int[steps.size()];
        int length = 0;
        for (int i = 0; i < ends.length; i++) {
            int[] step = encoder.piece(steps.get(i));
            pieces.add(step);
            pieces.add(after);
            length += step.length + after.length;
            ends[i] = length - 1;
            if (step.length + after.length == 0) {
                throw new EncodingException("completions[" + i + "]: it has no token");
            }
        }
        int[] all = pieces.stream().flatMapToInt(Arrays::stream).toArray();
        return new StepTokens(begin(prompt, encoder), all, ends);
    }

    private static int[] begin(Prompt prompt, PromptEncoder encoder) {
        if (prompt.text() instanceof Text.Chat) {
            return encoder.prompt(prompt);
        }
        IntStream first = encoder.beginId() < 0 ? IntStream.empty() : IntStream.of(encoder.beginId());
        return IntStream.concat(first, Arrays.stream(encoder.piece(prompt.text().asString())))
                .toArray();
    }

    /** Tokens of prompt and steps. */
    public int length() {
        return prompt.length + steps.length;
    }
}
