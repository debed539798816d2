package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.ActorVerticle;
import ai.preceptor.rollout.message.DeadLetter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the coordinator shows to other threads.
 *
 * @param deadLetters prompts that were set aside, in the order in which they were
 * @param cursor place of the first prompt that the learner has not got
 * @param version of the weights that sample
 * @param posts of all actors that ever were
 */
record Progress(
        List<DeadLetter> deadLetters, AtomicLong cursor, AtomicLong version, List<ActorVerticle.ActorEndpoint> posts) {

    Progress(long cursor, long version) {
        this(
                new CopyOnWriteArrayList<>(),
                new AtomicLong(cursor),
                new AtomicLong(version),
                new CopyOnWriteArrayList<>());
    }

    /** Remembers an actor. */
    ActorVerticle.ActorEndpoint register(ActorVerticle.ActorEndpoint post) {
        posts.add(post);
        return post;
    }

    /** Addresses of the actors that are doing something. */
    List<String> running() {
        return posts.stream()
                .filter(post -> post.guard().isInside())
                .map(ActorVerticle.ActorEndpoint::address)
                .toList();
    }
}
