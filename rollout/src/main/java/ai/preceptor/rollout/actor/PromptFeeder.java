package ai.preceptor.rollout.actor;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Turns places in the run into prompts in the model's tokens. */
public final class PromptFeeder extends ActorVerticle {
    private final PromptSource source;
    private final Function<Prompt, int[]> encoder;

    /** @param encoder gives a prompt's tokens; what it refuses is reported as unreadable */
    public PromptFeeder(ActorVerticle.ActorEndpoint post, PromptSource source, Function<Prompt, int[]> encoder) {
        super(post);
        this.source = source;
        this.encoder = encoder;
    }

    @Override
    void open() {}

    @Override
    Object perform(ActorMessage<?> order) {
        if (order instanceof ActorMessage.Feed feed) {
            return feed(feed);
        }
        throw unexpected(order);
    }

    private ActorMessage.Fed feed(ActorMessage.Feed feed) {
        List<EncodedPrompt> prompts = new ArrayList<>();
        List<DeadLetter> unreadable = new ArrayList<>();
        for (long index = feed.from(); index < feed.from() + feed.count(); index++) {
            Optional<Prompt> next = source.at(index);
            if (next.isEmpty()) {
                return new ActorMessage.Fed(prompts, unreadable, true);
            }
            Prompt prompt = next.get();
            try {
                prompts.add(new EncodedPrompt(index, prompt, encoder.apply(prompt)));
            } catch (DataException | IllegalArgumentException e) {
                unreadable.add(new DeadLetter(index, prompt, "feed", e));
            }
        }
        return new ActorMessage.Fed(prompts, unreadable, false);
    }

    @Override
    void shut() {}
}
