package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers written by a language model that is asked in words. Each has a seed of its own, so that several answers to a prompt are several
 * calls, and each is kept in the ledger like any other. Completions have no tokens, only words. An
 * answer that could not be had is blank and cancelled.
 *
 * @param teacher the teacher; not closed by this
 * @param sampling how it writes; its seed, or 0, is that of a batch's first answers
 * @param answers to each prompt, 1 or more
 */
public record ChatSampler(ChatModel teacher, ChatSampling sampling, int answers) implements AnswerSampler {
    /** @throws IllegalArgumentException if {@code answers} is below 1 */
    public ChatSampler {
        if (answers < 1) {
            throw new IllegalArgumentException("answers: received " + answers + ", expected 1 or more");
        }
    }

    @Override
    public List<List<Completion>> sample(List<Prompt> prompts, long stream) {
        long first = (sampling.seed() == null ? 0 : sampling.seed()) + stream * answers;
        List<ChatRequest> requests = new ArrayList<>();
        for (Prompt prompt : prompts) {
            for (int i = 0; i < answers; i++) {
                requests.add(new ChatRequest(
                        messages(prompt), new ChatSampling(sampling.temperature(), sampling.maxTokens(), first + i)));
            }
        }
        List<Asked> asked = teacher.ask(requests);
        List<List<Completion>> sampled = new ArrayList<>();
        for (int from = 0; from < asked.size(); from += answers) {
            sampled.add(asked.subList(from, from + answers).stream()
                    .map(ChatSampler::completion)
                    .toList());
        }
        return sampled;
    }

    private static List<Message> messages(Prompt prompt) {
        return prompt.text() instanceof Text.Chat chat
                ? chat.messages()
                : List.of(Message.user(prompt.text().asString()));
    }

    private static Completion completion(Asked asked) {
        ChatReply reply = asked.reply();
        if (reply == null) {
            return new Completion("", new int[0], new float[0], FinishReason.CANCELLED);
        }
        FinishReason reason = switch (reply.finishReason()) {
            case "length" -> FinishReason.LENGTH;
            case "content_filter" -> FinishReason.CANCELLED; // its text ends anywhere
            default -> FinishReason.STOP;
        };
        return new Completion(reply.text(), new int[0], new float[0], reason);
    }
}
