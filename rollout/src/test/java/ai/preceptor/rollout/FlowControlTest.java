package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlowControlTest {
    private final List<DeadLetter> dead = new ArrayList<>();

    @Test
    void nextFeed_staleness0_admitsOneStepInWholeRequests() {
        FlowControl flow = flow(plan().promptsPerStep(5).promptsPerRequest(2).build());

        assertThat(flow.nextFeed()).contains(new ActorMessage.Feed(0, 2));
        assertThat(flow.nextFeed()).contains(new ActorMessage.Feed(2, 2));
        assertThat(flow.nextFeed()).contains(new ActorMessage.Feed(4, 1));
        assertThat(flow.nextFeed()).isEmpty();
        assertThat(flow.inFlight()).isEqualTo(5);
    }

    @Test
    void nextFeed_withoutCreditsForAWholeRequest_waits() {
        FlowControl flow = flow(plan().promptsInFlight(3).build());

        assertThat(flow.nextFeed()).isPresent();
        assertThat(flow.nextFeed()).isEmpty();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 2, false));
        flow.scored(scored(flow, 1));
        assertThat(flow.nextFeed()).contains(new ActorMessage.Feed(2, 2));
    }

    @Test
    void setAside_makesRoomForAnother() {
        FlowControl flow = flow(plan().build());
        flow.nextFeed();
        flow.nextFeed();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 2, false));
        flow.setAside(new DeadLetter(1, Prompt.plain("p1"), "generate", new IllegalStateException("no")));

        assertThat(flow.nextFeed()).contains(new ActorMessage.Feed(4, 1));
        assertThat(dead).extracting(DeadLetter::index).containsExactly(1L);
    }

    @Test
    void take_outOfOrder_isInOrder() {
        FlowControl flow = flow(plan().build());
        flow.nextFeed();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 2, false));
        flow.scored(scored(flow, 1));

        assertThat(flow.take()).isEmpty();
        flow.scored(scored(flow, 0));
        assertThat(flow.take()).map(SampleGroup::index).contains(0L);
        assertThat(flow.take()).map(SampleGroup::index).contains(1L);
        assertThat(flow.cursor()).isEqualTo(2);
    }

    @Test
    void fed_fewerThanAsked_endsTheRunWhenAllAreTaken() {
        FlowControl flow = flow(plan().build());
        flow.nextFeed();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 1, true));

        assertThat(flow.nextFeed()).isEmpty();
        assertThat(flow.isOver()).isFalse();
        flow.scored(scored(flow, 0));
        assertThat(flow.isSampledOut()).isTrue();
        assertThat(flow.take()).isPresent();
        assertThat(flow.isOver()).isTrue();
    }

    @Test
    void publish_bufferedGroupGrowsTooOld_isAdmittedAgainWithinTheCredits() {
        FlowControl flow = flow(plan().promptsInFlight(2).build());
        flow.nextFeed();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 2, false));
        flow.scored(scored(flow, 0));
        flow.scored(scored(flow, 1));
        flow.publish(1);

        assertThat(flow.buffered()).isZero();
        assertThat(flow.untaken()).isEqualTo(2);
        assertThat(flow.isSampledOut()).isFalse();
        assertThat(flow.nextResample()).extracting(EncodedPrompt::index).containsExactly(0L, 1L);
        assertThat(flow.nextResample()).isEmpty();
        flow.scored(scored(flow, 0));
        assertThat(flow.take()).map(SampleGroup::version).contains(1L);
    }

    /** Random learners and random speeds: the bounds hold, and every prompt is taken once, in order, fresh enough, or dead. */
    @ParameterizedTest
    @EnumSource(OnStale.class)
    void anyOrderOfEvents_boundsHoldAndNothingIsLost(OnStale onStale) {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            RolloutPlan plan = plan().promptsPerStep(1 + random.nextInt(4))
                    .promptsPerRequest(1 + random.nextInt(3))
                    .maxStaleness(random.nextInt(3))
                    .onStale(onStale)
                    .bufferPrompts(16)
                    .promptsInFlight(3 + random.nextInt(8))
                    .build();
            List<Long> taken = new FlowWalk(plan, random, dead::add).walk(60);

            List<Long> all = new ArrayList<>(taken);
            dead.forEach(letter -> all.add(letter.index()));
            assertThat(taken).as("seed %d: %s", seed, plan).isSorted();
            assertThat(all)
                    .as("seed %d: %s", seed, plan)
                    .doesNotHaveDuplicates()
                    .hasSize(60)
                    .contains(0L, 59L);
            dead.clear();
        }
    }

    private FlowControl flow(RolloutPlan plan) {
        return new FlowControl(plan, 0, 0, new RolloutMeters(new SimpleMeterRegistry(), plan), dead::add);
    }

    private static ActorMessage.Fed fed(long from, int count, boolean exhausted) {
        List<EncodedPrompt> prompts = new ArrayList<>();
        for (long index = from; index < from + count; index++) {
            prompts.add(FlowWalk.prompt(index));
        }
        return new ActorMessage.Fed(prompts, List.of(), exhausted);
    }

    private static SampleGroup scored(FlowControl flow, long index) {
        return flow.sampled(FlowWalk.prompt(index), List.of()).withScores(List.<Score>of());
    }

    @Test
    void nextFeed_afterTheEnd_isEmpty() {
        FlowControl flow = flow(plan().build());
        flow.nextFeed();
        flow.fed(new ActorMessage.Feed(0, 2), fed(0, 0, true));

        assertThat(flow.nextFeed()).isEqualTo(Optional.empty());
        assertThat(flow.isOver()).isTrue();
    }
}
