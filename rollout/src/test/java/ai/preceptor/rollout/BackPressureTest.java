package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static ai.preceptor.rollout.Rollouts.until;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Score;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackPressureTest {

    @Test
    void next_slowLearner_nothingIsSampledBeyondTheBuffer() {
        RolloutPlan plan = plan().maxStaleness(9)
                .onStale(OnStale.DROP)
                .promptsInFlight(4)
                .bufferPrompts(6)
                .build();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FakeEngine engine = new FakeEngine();
        try (VertxRollouts rollouts = builder(plan, engine)
                .lease(DeviceLease.separate())
                .registry(registry)
                .build()
                .start()) {
            until(() -> gauge(registry, "rollout.buffer.prompts") == 6);
            sleep(50);
            assertThat(engine.prompts).hasValue(6);

            rollouts.next(4);
            until(() -> gauge(registry, "rollout.buffer.prompts") == 6);
            sleep(50);
            assertThat(engine.prompts).hasValue(10);
        }
    }

    @Test
    void next_slowScorer_generatorWaitsForCredits() throws InterruptedException {
        RolloutPlan plan = plan().maxStaleness(9)
                .onStale(OnStale.DROP)
                .promptsInFlight(4)
                .bufferPrompts(50)
                .build();
        CountDownLatch open = new CountDownLatch(1);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FakeEngine engine = new FakeEngine();
        AtomicInteger scored = new AtomicInteger();
        try (VertxRollouts rollouts = builder(plan, engine)
                .lease(DeviceLease.separate())
                .registry(registry)
                .scorers(() -> Rollouts.all(answers -> {
                    try {
                        open.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    scored.incrementAndGet();
                    return answers.stream().map(answer -> Score.of(1)).toList();
                }))
                .build()
                .start()) {
            until(() -> engine.prompts.get() == 4);
            sleep(50);
            assertThat(engine.prompts).hasValue(4);
            assertThat(gauge(registry, "rollout.prompts.inflight")).isEqualTo(4);

            open.countDown();
            until(() -> gauge(registry, "rollout.buffer.prompts") == 50);
            assertThat(engine.prompts).hasValue(50);
            assertThat(scored).hasValue(50);
            assertThat(rollouts.next(1)).hasSize(3);
        }
    }

    @Test
    void next_everyMoment_boundsHold() {
        RolloutPlan plan = plan().maxStaleness(1)
                .promptsInFlight(2)
                .bufferPrompts(8)
                .scorerInstances(3)
                .build();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicInteger taken = new AtomicInteger();
        AtomicInteger mostAhead = new AtomicInteger();
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                mostAhead.accumulateAndGet(prompts.get() + asked.size() - taken.get(), Math::max);
            }
        };
        try (VertxRollouts rollouts = builder(plan, engine)
                .lease(DeviceLease.separate())
                .registry(registry)
                .build()
                .start()) {
            for (int step = 0; step < 10; step++) {
                rollouts.next(4);
                taken.addAndGet(4);
                sleep(3);
                rollouts.publish(step + 1);
            }
        }
        // A learner's step is in its hands before it is counted here, hence 8 + 4.
        assertThat(mostAhead.get()).isBetween(2, 12);
    }

    private static double gauge(SimpleMeterRegistry registry, String name) {
        return registry.get(name).gauge().value();
    }
}
