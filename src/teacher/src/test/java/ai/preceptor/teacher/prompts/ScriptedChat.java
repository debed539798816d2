package ai.preceptor.teacher.prompts;

import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.teacher.chat.UserTurns;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A model that answers by a script, of a request's last words and its seed, and remembers what it was asked. */
public final class ScriptedChat implements ChatModel, UserTurns {
    /** Begins a reply that was cut off. */
    public static final String CUT = "[cut]";

    /** Stands for a question that is not answered. */
    public static final String NONE = "[none]";

    final List<String> questions = new ArrayList<>();
    private final Function<Question, String> script;

    /** What the script sees. */
    public record Question(String words, long seed) {}

    /** A model with a script. */
    public ScriptedChat(Function<Question, String> script) {
        this.script = script;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public List<Asked> ask(List<ChatRequest> requests) {
        return requests.stream()
                .map(request -> answer(
                        request.messages().get(request.messages().size() - 1).content(),
                        request.sampling().seed() == null
                                ? -1
                                : request.sampling().seed()))
                .toList();
    }

    @Override
    public List<Asked> userTurns(List<Request> requests) {
        return requests.stream().map(request -> answer("turn", request.seed())).toList();
    }

    private Asked answer(String words, long seed) {
        questions.add(words + " " + seed);
        String reply = script.apply(new Question(words, seed));
        if (reply.equals(NONE)) {
            return new Asked(null, "a 400");
        }
        return reply.startsWith(CUT)
                ? new Asked(new ChatReply(reply.substring(CUT.length()), "length", 1, 1), null)
                : new Asked(new ChatReply(reply, "stop", 1, 1), null);
    }

    @Override
    public List<LabelReading> labels(List<LabelRequest> requests) {
        throw new UnsupportedOperationException("not needed here");
    }
}
