package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Where every prompt of the run is: not yet admitted, in flight, waiting to be sampled anew, in the buffer, or taken. Here
 * it is decided what may begin; nothing here waits or runs. For one thread.
 *
 * <p>Two bounds hold at all times: {@code inFlight <= promptsInFlight}, and {@code inFlight + again + buffered <=
 * bufferPrompts}. What may begin depends on the plan and on what the learner did, and where stale answers are waited for
 * on nothing else, so which version samples which prompt does not depend on who is fast.
 */
final class FlowControl {
    private final RolloutPlan plan;
    private final RolloutMeters meters;
    private final Consumer<DeadLetter> aside;
    private final PolicyRounds rounds;
    private final RolloutBuffer buffer = new RolloutBuffer();
    private final TreeMap<Long, EncodedPrompt> again = new TreeMap<>();
    private long nextIndex;
    private long cursor;
    /** Groups that the learner got or will get, as far as is known. */
    private long live;

    private int inFlight;
    private int unsampled;
    private boolean exhausted;

    FlowControl(RolloutPlan plan, long firstIndex, long version, RolloutMeters meters, Consumer<DeadLetter> aside) {
        this.plan = plan;
        this.meters = meters;
        this.aside = aside;
        this.rounds = new PolicyRounds(plan, version);
        this.nextIndex = firstIndex;
        this.cursor = firstIndex;
    }

    /** Admits the next prompts, if a whole request of them has room. */
    Optional<ActorMessage.Feed> nextFeed() {
        int count = (int) Math.min(plan.promptsPerRequest(), due());
        if (count < 1 || !hasCredits(count) || untaken() + count > plan.bufferPrompts()) {
            return Optional.empty();
        }
        ActorMessage.Feed feed = new ActorMessage.Feed(nextIndex, count);
        nextIndex += count;
        live += count;
        inFlight += count;
        unsampled += count;
        meters.admitted(feed.from(), count);
        return Optional.of(feed);
    }

    /** Admits prompts whose answers grew stale once more; empty if there are none, or no credits. */
    List<EncodedPrompt> nextAgain() {
        int count = Math.min(plan.promptsPerRequest(), again.size());
        List<EncodedPrompt> prompts = new ArrayList<>();
        if (hasCredits(count)) {
            inFlight += count;
            for (int i = 0; i < count; i++) {
                prompts.add(again.pollFirstEntry().getValue());
            }
        }
        return prompts;
    }

    private boolean hasCredits(int count) {
        return inFlight + count <= plan.promptsInFlight();
    }

    private long due() {
        return exhausted ? 0 : rounds.limit() - live;
    }

    /** Prompts that were fed. */
    void fed(ActorMessage.Feed asked, ActorMessage.Fed fed) {
        fed.prompts().forEach(prompt -> buffer.expect(prompt.index()));
        fed.unreadable().forEach(this::setAside);
        int missing = asked.count() - fed.prompts().size() - fed.unreadable().size();
        for (long index = asked.from() + asked.count() - missing; index < asked.from() + asked.count(); index++) {
            meters.missing(index);
        }
        inFlight -= missing;
        live -= missing;
        unsampled -= missing;
        exhausted |= fed.exhausted();
    }

    /** A prompt that will have no answers. */
    void setAside(DeadLetter letter) {
        buffer.forget(letter.index());
        inFlight--;
        live--;
        unsampled--;
        meters.setAside(letter.index(), letter.stage());
        aside.accept(letter);
    }

    /** A prompt that was answered, stamped with the policy that did. */
    Group sampled(EncodedPrompt prompt, List<Completion> completions) {
        unsampled--;
        return new Group(prompt, completions, List.of(), rounds.round(), rounds.version());
    }

    /** A group on its way to the learner, or back to the generator if it has grown too old. */
    void scored(Group group) {
        if (rounds.isStale(group)) {
            dropInFlight(group);
            return;
        }
        inFlight--;
        buffer.put(group);
    }

    boolean isStale(Group group) {
        return rounds.isStale(group);
    }

    /** A group that has grown too old before it came to the buffer. */
    void dropInFlight(Group group) {
        inFlight--;
        drop(group);
    }

    private void drop(Group group) {
        meters.staleDropped();
        unsampled++;
        again.put(group.index(), group.prompt());
    }

    /** The group that the learner gets next, if it is here. */
    Optional<Group> take() {
        Optional<Group> next = buffer.poll();
        next.ifPresent(group -> {
            rounds.take();
            cursor = group.index() + 1;
            meters.delivered(group.index(), rounds.staleness(group));
        });
        return next;
    }

    /** The learner has new weights. */
    void publish(long version) {
        rounds.publish(version);
        buffer.evict(rounds::isStale).forEach(this::drop);
    }

    long version() {
        return rounds.version();
    }

    /** Place of the first prompt that the learner has not got. */
    long cursor() {
        return cursor;
    }

    /** Groups that the learner may still take before it publishes. */
    long untilPublication() {
        return rounds.limit() - rounds.taken();
    }

    /** True if all has been sampled that is to be sampled before the next publication. */
    boolean isSampledOut() {
        return unsampled == 0 && due() == 0;
    }

    /** True if no group will ever come. */
    boolean isOver() {
        return exhausted && inFlight == 0 && again.isEmpty() && buffer.isEmpty();
    }

    int inFlight() {
        return inFlight;
    }

    int buffered() {
        return buffer.ready();
    }

    /** Admitted and not taken: what {@code bufferPrompts} bounds. */
    int untaken() {
        return inFlight + again.size() + buffer.ready();
    }

    @Override
    public String toString() {
        return inFlight + " prompts in flight, " + again.size() + " to be sampled anew, " + buffer.ready()
                + " in the buffer, " + rounds.taken() + " taken, version " + rounds.version();
    }
}
