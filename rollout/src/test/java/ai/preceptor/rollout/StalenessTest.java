package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static ai.preceptor.rollout.Rollouts.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StalenessTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void next_sharedDevice_generationAndTrainingNeverMeet(int maxStaleness) {
        AtomicBoolean training = new AtomicBoolean(true);
        AtomicBoolean met = new AtomicBoolean();
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                sleep(1);
                met.compareAndSet(false, training.get());
            }
        };
        try (VertxRollouts rollouts = builder(plan().maxStaleness(maxStaleness).build(), engine)
                .build()
                .start()) {
            for (int step = 0; step < 5; step++) {
                training.set(false);
                rollouts.next(4);
                training.set(true);
                int before = engine.requests.get();
                sleep(10);
                assertThat(engine.running).isFalse();
                assertThat(engine.requests).hasValue(before);
                rollouts.publish(step + 1);
            }
        }
        assertThat(met).isFalse();
        assertThat(engine.prompts).hasValue(20 + 4 * maxStaleness);
    }

    @Test
    void next_staleness0_everyAnswerIsOfTheCurrentPolicy() {
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .registry(registry)
                .build()
                .start()) {
            List<List<Trajectory>> batches = learn(rollouts, 5, 4);

            for (int step = 0; step < 5; step++) {
                long now = step;
                assertThat(batches.get(step)).allSatisfy(one -> {
                    assertThat(one.policyVersion()).isEqualTo(now);
                    assertThat(one.completion().text()).endsWith("@" + now);
                });
            }
            assertThat(registry.get("rollout.prompts.stale").counter().count()).isZero();
            assertThat(registry.get("rollout.staleness").summary().max()).isZero();
        }
    }

    @Test
    void next_staleness2Waiting_answersAreTwoPublicationsOldAndNoneIsWasted() {
        FakeEngine engine = new FakeEngine();
        try (VertxRollouts rollouts = builder(plan().maxStaleness(2).build(), engine)
                .lease(DeviceLease.separate())
                .registry(registry)
                .build()
                .start()) {
            List<List<Trajectory>> batches = learn(rollouts, 6, 4);

            for (int step = 0; step < 6; step++) {
                long sampledBy = Math.max(0, step - 2);
                assertThat(batches.get(step)).allSatisfy(one -> {
                    assertThat(one.policyVersion()).isEqualTo(sampledBy);
                    assertThat(one.completion().text()).endsWith("@" + sampledBy);
                });
            }
            assertThat(registry.get("rollout.prompts.stale").counter().count()).isZero();
        }
    }

    @Test
    void publish_separateDevice_generatesWhileTheLearnerLearns() {
        FakeEngine engine = new FakeEngine();
        try (VertxRollouts rollouts = builder(plan().maxStaleness(1).build(), engine)
                .lease(DeviceLease.separate())
                .build()
                .start()) {
            rollouts.next(4);
            until(() -> engine.prompts.get() == 8);
            rollouts.publish(1);
            until(() -> engine.prompts.get() == 12);
        }
    }

    @Test
    void publish_droppingStale_samplesTheSamePromptsAnewAndCounts() {
        RolloutPlan plan = plan().onStale(OnStale.DROP).bufferPrompts(8).build();
        FakeEngine engine = new FakeEngine();
        try (VertxRollouts rollouts = builder(plan, engine)
                .lease(DeviceLease.separate())
                .registry(registry)
                .build()
                .start()) {
            List<Trajectory> first = rollouts.next(4);
            until(() -> registry.get("rollout.buffer.prompts").gauge().value() == 8);
            rollouts.publish(1);
            List<Trajectory> second = rollouts.next(4);

            assertThat(Rollouts.asked(first)).containsExactly("p0", "p1", "p2", "p3");
            assertThat(Rollouts.asked(second)).containsExactly("p4", "p5", "p6", "p7");
            assertThat(second).allSatisfy(one -> assertThat(one.policyVersion()).isEqualTo(1));
            assertThat(registry.get("rollout.prompts.stale").counter().count()).isEqualTo(8);
            assertThat(engine.prompts.get()).isGreaterThanOrEqualTo(4 + 8 + 4);
        }
    }

    @Test
    void publish_whileStaleAnswersWaitForAScorer_dropsThemUnscored() {
        RolloutPlan plan = plan().onStale(OnStale.DROP).bufferPrompts(8).build();
        CountDownLatch open = new CountDownLatch(1);
        try (VertxRollouts rollouts = builder(plan, new FakeEngine())
                .lease(DeviceLease.separate())
                .registry(registry)
                .prompts(new ListedPrompts(Rollouts.prompts(8), false, 0, 1))
                .scorers(() -> Rollouts.all(answers -> {
                    try {
                        open.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return answers.stream().map(answer -> Score.of(1)).toList();
                }))
                .build()
                .start()) {
            until(() -> registry.get("rollout.samples").counter().count() == 24);
            rollouts.publish(3);
            open.countDown();

            assertThat(rollouts.next(8))
                    .hasSize(24)
                    .allSatisfy(one -> assertThat(one.policyVersion()).isEqualTo(3));
            assertThat(registry.get("rollout.prompts.stale").counter().count()).isEqualTo(8);
            // One was with the scorer already, the other seven were never shown to it in their old form.
            assertThat(registry.get("rollout.request.time")
                            .tag("stage", "score")
                            .timer()
                            .count())
                    .isEqualTo(9);
        }
    }

    @Test
    void publish_moreOftenThanPlanned_stillNothingTooOldIsGiven() {
        try (VertxRollouts rollouts = builder(plan().maxStaleness(1).build(), new FakeEngine())
                .registry(registry)
                .build()
                .start()) {
            for (int step = 0; step < 8; step++) {
                long now = step;
                assertThat(rollouts.next(2))
                        .allSatisfy(one -> assertThat(now - one.policyVersion()).isBetween(0L, 1L));
                rollouts.publish(step + 1);
            }
            assertThat(rollouts.cursor()).isEqualTo(16);
            assertThat(registry.get("rollout.prompts.stale").counter().count()).isPositive();
        }
    }

    @Test
    void next_moreThanIsDueBeforePublish_isRefusedAndTheRunGoesOn() {
        try (VertxRollouts rollouts =
                builder(plan().build(), new FakeEngine()).build().start()) {
            assertThatThrownBy(() -> rollouts.next(5))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("next(5)")
                    .hasMessageContaining("only 4 prompts may be taken before the next publish");
            assertThat(rollouts.next(3)).hasSize(9);
            assertThat(rollouts.next(1)).hasSize(3);
            assertThatThrownBy(() -> rollouts.next(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("only 0 prompts");
        }
    }

    @Test
    void publish_oldVersion_isRefused() {
        try (VertxRollouts rollouts =
                builder(plan().build(), new FakeEngine()).build().start()) {
            rollouts.publish(5);
            assertThatThrownBy(() -> rollouts.publish(5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("version: received 5, expected more than the last, 5");
            assertThat(rollouts.version()).isEqualTo(5);
        }
    }

    @Test
    void next_promptsRunOut_givesFewerThenNone() {
        try (VertxRollouts rollouts = builder(plan().maxStaleness(1).build(), new FakeEngine())
                .prompts(new ListedPrompts(Rollouts.prompts(5), false, 0, 1))
                .build()
                .start()) {
            List<List<Trajectory>> batches = learn(rollouts, 3, 4);

            assertThat(batches).extracting(List::size).containsExactly(12, 3, 0);
        }
    }
}
