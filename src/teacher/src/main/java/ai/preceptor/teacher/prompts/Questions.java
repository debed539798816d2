package ai.preceptor.teacher.prompts;

import ai.preceptor.data.Message;
import ai.preceptor.data.ScorerException;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.ChatSampling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Asks a model questions, each with a seed of its own.
 *
 * @param model who is asked
 * @param sampling how it writes; its seed, or 0, is the first question's
 */
public record Questions(ChatModel model, ChatSampling sampling) {
    /** Questions of one step. Fixed, because what is asked depends on it. */
    static final int STEP = 8;

    /** Most tokens of a verdict. */
    private static final int VERDICT_TOKENS = 16;

    /**
     * Asks for texts.
     *
     * @param first number of the first question in the run
     * @return as {@link ChatModel#ask}, but with outcomes where not one was answered
     */
    List<Asked> texts(List<List<Message>> questions, long first) {
        return texts(questions, i -> first + i);
    }

    /**
     * The same with other numbers.
     *
     * @param numbers of the questions in the run, by their places in the list
     */
    List<Asked> texts(List<List<Message>> questions, IntToLongFunction numbers) {
        List<ChatRequest> requests = new ArrayList<>();
        long seed = sampling.seed() == null ? 0 : sampling.seed();
        for (int i = 0; i < questions.size(); i++) {
            requests.add(new ChatRequest(
                    questions.get(i),
                    new ChatSampling(sampling.temperature(), sampling.maxTokens(), seed + numbers.applyAsLong(i))));
        }
        return ask(requests);
    }

    /** Asks for verdicts of a word or two. */
    List<Asked> verdicts(List<List<Message>> questions) {
        return ask(questions.stream()
                .map(question -> new ChatRequest(question, ChatSampling.greedy(VERDICT_TOKENS)))
                .toList());
    }

    /** That a few questions were not answered is counted; only that none ever is, is a failure. */
    private List<Asked> ask(List<ChatRequest> requests) {
        try {
            return requests.isEmpty() ? List.of() : model.ask(requests);
        } catch (ScorerException none) {
            return Collections.nCopies(requests.size(), new Asked(null, String.valueOf(none.getMessage())));
        }
    }
}
