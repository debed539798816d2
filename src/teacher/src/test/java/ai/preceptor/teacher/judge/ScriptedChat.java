package ai.preceptor.teacher.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A model that says what a script says; a reply of null is a call that failed, a word of several letters no token. */
final class ScriptedChat implements ChatModel {
    final List<ChatRequest> asked = new ArrayList<>();
    final List<LabelRequest> read = new ArrayList<>();
    private final Function<ChatRequest, @Nullable String> replies;
    private final Function<LabelRequest, double @Nullable []> labels;

    private ScriptedChat(
            Function<ChatRequest, @Nullable String> replies, Function<LabelRequest, double @Nullable []> labels) {
        this.replies = replies;
        this.labels = labels;
    }

    static ScriptedChat saying(Function<ChatRequest, @Nullable String> replies) {
        return new ScriptedChat(replies, request -> null);
    }

    static ScriptedChat reading(Function<LabelRequest, double @Nullable []> labels) {
        return new ScriptedChat(request -> null, labels);
    }

    /** The last message of a question. */
    static String question(ChatRequest request) {
        return request.messages().get(request.messages().size() - 1).content();
    }

    static String question(LabelRequest request) {
        return request.messages().get(request.messages().size() - 1).content();
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<Asked> ask(List<ChatRequest> requests) {
        asked.addAll(requests);
        return requests.stream().map(request -> outcome(replies.apply(request))).toList();
    }

    static Asked outcome(@Nullable String reply) {
        return reply == null ? new Asked(null, "status 500") : new Asked(new ChatReply(reply, "stop", 1, 1), null);
    }

    @Override
    public List<LabelReading> labels(List<LabelRequest> requests) {
        read.addAll(requests);
        return requests.stream()
                .map(request -> {
                    double[] logprobs = labels.apply(request);
                    return logprobs == null
                            ? LabelReading.unanswered("not among the likeliest tokens")
                            : LabelReading.of(Arrays.stream(logprobs).boxed().toList());
                })
                .toList();
    }

    @Override
    public void requireLabels(List<String> words) {
        for (String word : words) {
            if (word.length() > 3) {
                throw new ConfigurationException("teacher_labels: expected words of one token, found " + word);
            }
        }
    }

    @Override
    public void close() {}
}
