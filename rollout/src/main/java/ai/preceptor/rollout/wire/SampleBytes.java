package ai.preceptor.rollout.wire;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Samples as bytes, for processes that exchange them by other means than messages of actors. */
public final class SampleBytes {
    private SampleBytes() {}

    /** What is asked of an engine. */
    public static byte[] ofRequest(ActorMessage.Generate request) {
        WireWriter to = new WireWriter();
        to.list(request.prompts(), WireParts::encoded).number(request.samples()).bits(request.seedBase());
        return to.bytes().getBytes();
    }

    /** @throws WireException if the bytes are none */
    public static ActorMessage.Generate request(byte[] bytes) {
        WireReader from = new WireReader(Buffer.buffer(bytes));
        List<EncodedPrompt> prompts = from.list(WireParts::encoded);
        ActorMessage.Generate request = new ActorMessage.Generate(prompts, from.count(), from.bits());
        from.end();
        return request;
    }

    /** What an engine answers: completions of each prompt. */
    public static byte[] ofCompletions(List<List<Completion>> completions) {
        WireWriter to = new WireWriter();
        to.list(completions, (writer, some) -> writer.list(some, WireParts::completion));
        return to.bytes().getBytes();
    }

    /** @throws WireException if the bytes are none */
    public static List<List<Completion>> completions(byte[] bytes) {
        WireReader from = new WireReader(Buffer.buffer(bytes));
        List<List<Completion>> completions = from.list(each -> each.list(WireParts::completion));
        from.end();
        return completions;
    }

    /** Answers with their scores. */
    public static byte[] ofTrajectories(List<Trajectory> trajectories) {
        WireWriter to = new WireWriter();
        to.list(trajectories, (writer, one) -> {
            WireParts.prompt(writer, one.prompt());
            writer.ints(one.promptIds());
            WireParts.completion(writer, one.completion());
            writer.number(one.group()).number(one.policyVersion());
            WireParts.score(writer, one.score());
        });
        return to.bytes().getBytes();
    }

    /** @throws WireException if the bytes are none */
    public static List<Trajectory> trajectories(byte[] bytes) {
        WireReader from = new WireReader(Buffer.buffer(bytes));
        List<Trajectory> trajectories = from.list(each -> new Trajectory(
                WireParts.prompt(each),
                each.ints(),
                WireParts.completion(each),
                Math.toIntExact(each.number()),
                each.number(),
                WireParts.score(each)));
        from.end();
        return trajectories;
    }
}
