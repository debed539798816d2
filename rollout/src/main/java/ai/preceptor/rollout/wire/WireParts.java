package ai.preceptor.rollout.wire;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.Arrays;

/** The values inside messages, on the wire. */
final class WireParts {
    private static final int PLAIN = 0;
    private static final int CHAT = 1;

    private WireParts() {}

    static void text(WireWriter to, Text text) {
        if (text instanceof Text.Chat chat) {
            to.tag(CHAT)
                    .list(
                            chat.messages(),
                            (writer, message) -> writer.text(message.role())
                                    .text(message.content())
                                    .json(message.extra()));
        } else {
            to.tag(PLAIN).text(text.asString());
        }
    }

    static Text text(WireReader from) {
        return switch (from.tag()) {
            case PLAIN -> new Text.Plain(from.text());
            case CHAT -> new Text.Chat(from.list(each -> new Message(each.text(), each.text(), each.json())));
            default -> throw from.problem("a text that is neither plain nor a chat");
        };
    }

    static void prompt(WireWriter to, Prompt prompt) {
        text(to, prompt.text());
        to.json(prompt.columns());
    }

    static Prompt prompt(WireReader from) {
        return new Prompt(text(from), from.json());
    }

    static void encoded(WireWriter to, EncodedPrompt prompt) {
        to.number(prompt.index());
        prompt(to, prompt.prompt());
        to.ints(prompt.ids());
    }

    static EncodedPrompt encoded(WireReader from) {
        return new EncodedPrompt(from.number(), prompt(from), from.ints());
    }

    static void answer(WireWriter to, Answer answer) {
        prompt(to, answer.prompt());
        text(to, answer.text());
        int[] ids = answer.tokenIds();
        if (ids == null) {
            to.tag(0);
        } else {
            to.tag(1).ints(ids);
        }
    }

    static Answer answer(WireReader from) {
        Prompt prompt = prompt(from);
        Text text = text(from);
        return from.tag() == 0 ? new Answer(prompt, text) : new Answer(prompt, text, from.ints());
    }

    /**
     * The sampler's log-probabilities are sent where they differ from the policy's: at temperature 1 they do not. What tokens
     * were drawn from is sent where something was cut off.
     */
    static void completion(WireWriter to, Completion completion) {
        boolean differs = !Arrays.equals(completion.samplerLogprobs(), completion.logprobs());
        to.text(completion.text())
                .ints(completion.tokenIds())
                .floats(completion.logprobs())
                .tag(differs ? 1 : 0);
        if (differs) {
            to.floats(completion.samplerLogprobs());
        }
        to.constant(completion.finishReason());
        TokenSupports support = completion.support();
        to.tag(support == null ? 0 : 1);
        if (support != null) {
            to.bytes(support.bytes()).ints(support.ends());
        }
        ToolTurns turns = completion.turns();
        to.tag(turns == null ? 0 : 1);
        if (turns != null) {
            to.number(turns.calls()).number(turns.failures()).list(turns.turns(), WireParts::turn);
        }
    }

    private static void turn(WireWriter to, ToolTurns.Turn turn) {
        to.number(turn.after()).ints(turn.ids()).text(turn.said()).list(turn.outputs(), WireWriter::text);
    }

    private static ToolTurns turns(WireReader from) {
        int calls = Math.toIntExact(from.number());
        int failures = Math.toIntExact(from.number());
        return new ToolTurns(
                from.list(each -> new ToolTurns.Turn(
                        Math.toIntExact(each.number()), each.ints(), each.text(), each.list(WireReader::text))),
                calls,
                failures);
    }

    static Completion completion(WireReader from) {
        String text = from.text();
        int[] ids = from.ints();
        float[] logprobs = from.floats();
        float[] sampler = from.tag() == 0 ? logprobs : from.floats();
        FinishReason reason = from.constant(FinishReason.class);
        TokenSupports support = from.tag() == 0 ? null : TokenSupports.of(from.bytes(), from.ints());
        ToolTurns turns = from.tag() == 0 ? null : turns(from);
        return new Completion(text, ids, logprobs, sampler, reason, support, turns);
    }

    static void score(WireWriter to, Score score) {
        if (score.problem() == null) {
            to.tag(1).real(score.value());
        } else {
            to.tag(0).text(score.problem());
        }
        to.list(
                score.parts(),
                (writer, part) -> writer.text(part.name()).real(part.value()).real(part.weight()));
        to.list(
                score.tokenScores(),
                (writer, token) -> writer.number(token.token()).real(token.value()));
        to.text(score.critique() == null ? "" : score.critique());
    }

    static Score score(WireReader from) {
        try {
            return checked(from);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw from.problem("a score that is none: " + e.getMessage());
        }
    }

    private static Score checked(WireReader from) {
        Score score = from.tag() == 0 ? Score.unscored(from.text()) : Score.of(from.real());
        return score.with(from.list(each -> new Score.Part(each.text(), each.real(), each.real())))
                .withTokens(from.list(each -> new Score.TokenScore(Math.toIntExact(each.number()), each.real())))
                .with(from.text());
    }

    static void file(WireWriter to, ActorMessage.WeightsFile file) {
        to.text(file.name()).number(file.bytes()).text(file.sha256());
    }

    static ActorMessage.WeightsFile file(WireReader from) {
        return new ActorMessage.WeightsFile(from.text(), from.number(), from.text());
    }
}
