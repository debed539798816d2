package ai.preceptor.distill;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.Arrays;
import java.util.List;

/** Which tokens of a row are trained on, and how the row is truncated. */
public enum LossTokens {
    /** Those of the completion; of bare messages, whose prompt is empty, all. TRL's {@code completion_only_loss}. */
    COMPLETION {
        @Override
        public TokenRow encode(Demonstration row, PromptEncoder encoder) {
            Encoded encoded = encoder.encode(row.prompt(), List.of(row.completion()));
            return TokenRow.learnt(encoded.prompt(), encoded.completions().get(0));
        }
    },
    /** Those of the completion; of bare messages the last message's, as in TRL's GKD. */
    LAST_TURN {
        @Override
        public TokenRow encode(Demonstration row, PromptEncoder encoder) {
            return COMPLETION.encode(lastTurn(row), encoder);
        }
    },
    /** All, the prompt's too. TRL's {@code completion_only_loss=false}. */
    ALL {
        @Override
        public TokenRow encode(Demonstration row, PromptEncoder encoder) {
            Encoded encoded = encoder.encode(row.prompt(), List.of(row.completion()));
            int[] answer = encoded.completions().get(0);
            int[] whole = Arrays.copyOf(encoded.prompt(), encoded.prompt().length + answer.length);
            System.arraycopy(answer, 0, whole, encoded.prompt().length, answer.length);
            return TokenRow.learnt(new int[0], whole);
        }
    },
    /** What the chat template marks as the assistant's. TRL's {@code assistant_only_loss}. */
    ASSISTANT {
        @Override
        public TokenRow encode(Demonstration row, PromptEncoder encoder) {
            Encoded encoded = encoder.encode(row.prompt(), List.of(row.completion()));
            return TokenRow.marked(
                    encoded.prompt(),
                    encoded.completions().get(0),
                    encoder.assistantMask(row.prompt(), row.completion()));
        }
    };

    /** A row of bare messages as a prompt and its last message; any other as it is. */
    static Demonstration lastTurn(Demonstration row) {
        boolean bare = row.prompt().text() instanceof Text.Chat prompt
                && prompt.messages().isEmpty();
        if (!bare
                || !(row.completion() instanceof Text.Chat talk)
                || talk.messages().size() < 2) {
            return row;
        }
        List<Message> messages = talk.messages();
        int last = messages.size() - 1;
        Prompt prompt = new Prompt(
                new Text.Chat(messages.subList(0, last)), row.prompt().columns());
        return new Demonstration(prompt, new Text.Chat(messages.subList(last, last + 1)));
    }

    /** What the student is asked by the row, in tokens: its prompt, or what precedes the last of bare messages. */
    static int[] asked(Demonstration row, PromptEncoder encoder) {
        Demonstration turn = lastTurn(row);
        return encoder.encode(turn.prompt(), List.of(turn.completion())).prompt();
    }

    /**
     * The row in tokens.
     *
     * @throws ai.preceptor.lm.text.EncodingException when the row cannot be turned into tokens, or none is learnt
     */
    public abstract TokenRow encode(Demonstration row, PromptEncoder encoder);
}
