package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.ActorVerticle;
import ai.preceptor.rollout.message.DeadLetter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The coordinator's state as other threads see it.
 *
 * @param deadLetters prompts that were set aside, in that order
 * @param cursor index of the first prompt that the learner has not got
 * @param version of the current weights
 * @param endpoints of all actors of the run, past and present
 */
record Progress(
        List<DeadLetter> deadLetters,
        AtomicLong cursor,
        AtomicLong version,
        List<ActorVerticle.ActorEndpoint> endpoints) {

    Progress(long cursor, long version) {
        this(
                new CopyOnWriteArrayList<>(),
                new AtomicLong(cursor),
                new AtomicLong(version),
                new CopyOnWriteArrayList<>());
    }

    /** Adds an actor. */
    ActorVerticle.ActorEndpoint register(ActorVerticle.ActorEndpoint endpoint) {
        endpoints.add(endpoint);
        return endpoint;
    }

    /** Addresses of the actors that are handling a request. */
    List<String> running() {
        return endpoints.stream()
                .filter(endpoint -> endpoint.guard().isInside())
                .map(ActorVerticle.ActorEndpoint::address)
                .toList();
    }
}
