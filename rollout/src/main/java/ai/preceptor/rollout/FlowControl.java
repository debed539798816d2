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
 * The state of every prompt of the run: not admitted, in flight, waiting to be resampled, in the buffer, or taken. Decides
 * what may start; nothing here waits or runs. For one thread.
 *
 * <p>Two bounds hold at all times: {@code inFlight <= promptsInFlight}, and {@code inFlight + resample + buffered <=
 * bufferPrompts}. What may start depends on the plan and on what the learner did, and with {@link OnStale#WAIT} on nothing
 * else, so which version samples which prompt does not depend on timing.
 */
final class FlowControl {
    private final RolloutPlan plan;
    private final RolloutMeters meters;
    private final Consumer<DeadLetter> onDeadLetter;
    private final RolloutBuffer buffer = new RolloutBuffer();
    private final TreeMap<Long, EncodedPrompt> resample = new TreeMap<>();
    /** Publications so far: round {@code r} lies between publication {@code r} and the next one. */
    private long round;

    private long version;
    /** Groups that the learner took. */
    private long taken;

    private long takenBeforeRound;
    private long nextIndex;
    private long cursor;
    /** Groups that the learner has got or will get, as far as is known. */
    private long live;

    private int inFlight;
    private int unsampled;
    private boolean exhausted;

    FlowControl(
            RolloutPlan plan, long firstIndex, long version, RolloutMeters meters, Consumer<DeadLetter> onDeadLetter) {
        this.plan = plan;
        this.meters = meters;
        this.onDeadLetter = onDeadLetter;
        this.version = version;
        this.nextIndex = firstIndex;
        this.cursor = firstIndex;
    }

    /** Admits the next prompts if there is room for a whole request. */
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

    /** Readmits prompts whose samples were stale; empty if there are none, or no credits. */
    List<EncodedPrompt> nextResample() {
        int count = Math.min(plan.promptsPerRequest(), resample.size());
        List<EncodedPrompt> prompts = new ArrayList<>();
        if (hasCredits(count)) {
            inFlight += count;
            for (int i = 0; i < count; i++) {
                prompts.add(resample.pollFirstEntry().getValue());
            }
        }
        return prompts;
    }

    private boolean hasCredits(int count) {
        return inFlight + count <= plan.promptsInFlight();
    }

    private long due() {
        return exhausted ? 0 : limit() - live;
    }

    /** Takes the prompts of a feed request. */
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

    /** Takes a prompt that will not be answered. */
    void setAside(DeadLetter letter) {
        buffer.forget(letter.index());
        inFlight--;
        live--;
        unsampled--;
        meters.setAside(letter.index(), letter.stage());
        onDeadLetter.accept(letter);
    }

    /** Makes a group, stamped with the current policy version. */
    SampleGroup sampled(EncodedPrompt prompt, List<Completion> completions) {
        unsampled--;
        return new SampleGroup(prompt, completions, List.of(), round, version);
    }

    /** Takes a scored group: into the buffer, or back to the generator if it is stale. */
    void scored(SampleGroup group) {
        if (isStale(group)) {
            dropInFlight(group);
            return;
        }
        inFlight--;
        buffer.put(group);
    }

    boolean isStale(SampleGroup group) {
        return staleness(group) > plan.maxStaleness();
    }

    /** Publications since the group was sampled. */
    private long staleness(SampleGroup group) {
        return round - group.round();
    }

    /**
     * Groups that may be sampled up to this round, counted from the run's start: what the learner takes in this round and
     * in the {@code maxStaleness} rounds after it. Unlimited if stale completions are dropped.
     */
    private long limit() {
        return plan.onStale() == OnStale.DROP
                ? Long.MAX_VALUE
                : takenBeforeRound + (long) plan.promptsPerStep() * (plan.maxStaleness() + 1L);
    }

    /** Drops a stale group that is not in the buffer yet. */
    void dropInFlight(SampleGroup group) {
        inFlight--;
        drop(group);
    }

    private void drop(SampleGroup group) {
        meters.staleDropped();
        unsampled++;
        resample.put(group.index(), group.prompt());
    }

    /** Takes the learner's next group, if it is ready. */
    Optional<SampleGroup> take() {
        Optional<SampleGroup> next = buffer.poll();
        next.ifPresent(group -> {
            taken++;
            cursor = group.index() + 1;
            meters.delivered(group.index(), staleness(group));
        });
        return next;
    }

    /** The learner has new weights. */
    void publish(long newVersion) {
        version = newVersion;
        round++;
        takenBeforeRound = taken;
        buffer.evict(this::isStale).forEach(this::drop);
    }

    long version() {
        return version;
    }

    /** Index of the first prompt that the learner has not got. */
    long cursor() {
        return cursor;
    }

    /** Groups that the learner may still take before it publishes. */
    long untilPublication() {
        return limit() - taken;
    }

    /** True if everything due before the next publication has been sampled. */
    boolean isSampledOut() {
        return unsampled == 0 && due() == 0;
    }

    /** True if no group will ever come. */
    boolean isOver() {
        return exhausted && inFlight == 0 && resample.isEmpty() && buffer.isEmpty();
    }

    int inFlight() {
        return inFlight;
    }

    int buffered() {
        return buffer.ready();
    }

    /** Admitted and not taken: what {@code bufferPrompts} bounds. */
    int untaken() {
        return inFlight + resample.size() + buffer.ready();
    }

    @Override
    public String toString() {
        return inFlight + " prompts in flight, " + resample.size() + " to be resampled, " + buffer.ready()
                + " in the buffer, " + taken + " taken, version " + version;
    }
}
