package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** A run without actors or clocks: a random source decides who is done next. */
final class FlowWalk {
    private final RolloutPlan plan;
    private final Random random;
    private final FlowControl flow;
    private final List<EncodedPrompt> unsampled = new ArrayList<>();
    private final List<SampleGroup> unscored = new ArrayList<>();
    private final List<Long> taken = new ArrayList<>();
    private long version;
    private int stuck;

    FlowWalk(RolloutPlan plan, Random random, Consumer<DeadLetter> aside) {
        this.plan = plan;
        this.random = random;
        this.flow = new FlowControl(plan, 0, 0, new RolloutMeters(new SimpleMeterRegistry(), plan), aside);
    }

    static EncodedPrompt prompt(long index) {
        return new EncodedPrompt(index, Prompt.plain("p" + index), new int[] {1});
    }

    /** Walks until all {@code prompts} are taken or dead; returns the taken ones. */
    List<Long> walk(long prompts) {
        while (!flow.isOver()) {
            assertThat(stuck++).as("steps without progress").isLessThan(10_000);
            switch (random.nextInt(5)) {
                case 0 -> feed(prompts);
                case 1 -> sample();
                case 2 -> score();
                case 3 -> take();
                default -> publish();
            }
            assertThat(flow.inFlight()).isBetween(0, plan.promptsInFlight());
            assertThat(flow.untaken()).isBetween(flow.inFlight(), plan.bufferPrompts());
        }
        assertThat(unsampled).isEmpty();
        assertThat(unscored).isEmpty();
        return taken;
    }

    private void feed(long prompts) {
        unsampled.addAll(flow.nextResample());
        Optional<ActorMessage.Feed> next = flow.nextFeed();
        if (next.isEmpty()) {
            return;
        }
        ActorMessage.Feed feed = next.get();
        List<EncodedPrompt> fed = new ArrayList<>();
        for (long index = feed.from(); index < Math.min(prompts, feed.from() + feed.count()); index++) {
            fed.add(prompt(index));
        }
        flow.fed(feed, new ActorMessage.Fed(fed, List.of(), feed.from() + feed.count() > prompts));
        unsampled.addAll(fed);
    }

    private void sample() {
        if (unsampled.isEmpty()) {
            return;
        }
        EncodedPrompt prompt = unsampled.remove(random.nextInt(unsampled.size()));
        if (random.nextInt(30) == 0) {
            flow.setAside(new DeadLetter(prompt.index(), prompt.prompt(), "generate", new IllegalStateException("no")));
        } else {
            unscored.add(flow.sampled(prompt, List.of()));
        }
    }

    private void score() {
        if (!unscored.isEmpty()) {
            flow.scored(unscored.remove(random.nextInt(unscored.size())));
        }
    }

    private void take() {
        if (flow.untilPublication() < 1) {
            return;
        }
        flow.take().ifPresent(group -> {
            assertThat(version - group.version()).isBetween(0L, (long) plan.maxStaleness());
            taken.add(group.index());
            stuck = 0;
        });
    }

    /** Seldom when nothing is due, so that fresh answers have a chance to be taken; else as the coordinator allows. */
    private void publish() {
        boolean sampledOut = plan.onStale() == OnStale.DROP || flow.isSampledOut();
        if (sampledOut && (flow.untilPublication() < 1 || random.nextInt(20) == 0)) {
            flow.publish(++version);
        }
    }
}
