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

/** Reads prompts by index and encodes them. */
public final class PromptFeeder extends ActorVerticle {
    private final PromptSource source;
    private final Function<Prompt, int[]> encoder;

    /** @param encoder gives a prompt's tokens; what it refuses is reported as unreadable */
    public PromptFeeder(ActorVerticle.ActorEndpoint endpoint, PromptSource source, Function<Prompt, int[]> encoder) {
        super(endpoint);
        this.source = source;
        this.encoder = encoder;
    }

    @Override
    Object perform(ActorMessage<?> request) {
        if (request instanceof ActorMessage.Feed feed) {
            return feed(feed);
        }
        throw unexpected(request);
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
}
