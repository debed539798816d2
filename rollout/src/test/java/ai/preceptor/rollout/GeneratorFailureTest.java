package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.QUICK;
import static ai.preceptor.rollout.Rollouts.asked;
import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorFailureTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void next_onePromptCannotBeAnswered_isSetAsideAloneAndTheNextTakesItsPlace() {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                if (asked.stream().anyMatch(prompt -> prompt.index() == 2)) {
                    throw new IllegalStateException("prompt 2 is too long, request " + requests.get());
                }
            }
        };
        try (VertxRollouts rollouts =
                builder(plan().build(), engine).registry(registry).build().start()) {
            List<List<Trajectory>> batches = learn(rollouts, 2, 4);

            assertThat(asked(batches.get(0))).containsExactly("p0", "p1", "p3", "p4");
            assertThat(asked(batches.get(1))).containsExactly("p5", "p6", "p7", "p8");
            assertThat(rollouts.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.index()).isEqualTo(2);
                assertThat(letter.prompt()).isEqualTo(Rollouts.prompts(3).get(2));
                assertThat(letter.stage()).isEqualTo("generate");
                assertThat(letter.cause()).hasMessageStartingWith("prompt 2 is too long");
                assertThat(letter.row())
                        .containsExactlyInAnyOrderEntriesOf(Map.of(
                                "index",
                                2L,
                                "prompt",
                                "p2",
                                "stage",
                                "generate",
                                "cause",
                                letter.cause().toString()));
            });
            assertThat(batches.get(0))
                    .allSatisfy(one -> assertThat(one.policyVersion()).isZero());
            assertThat(registry.get("rollout.prompts.set.aside")
                            .tag("stage", "generate")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void next_engineFailsOnce_samplesAreThoseOfAnEngineThatDidNot() {
        AtomicInteger failures = new AtomicInteger();
        FakeEngine flaky = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                if (failures.getAndIncrement() == 0) {
                    throw new IllegalStateException("out of luck");
                }
            }
        };
        List<Trajectory> expected;
        try (VertxRollouts steady =
                builder(plan().build(), new FakeEngine()).build().start()) {
            expected = steady.next(4);
        }
        try (VertxRollouts rollouts = builder(plan().build(), flaky).build().start()) {
            assertThat(rollouts.next(4)).isEqualTo(expected);
            assertThat(rollouts.deadLetters()).isEmpty();
        }
    }

    @Test
    void next_promptCannotBeEncoded_isSetAside() {
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .encoder(prompt -> {
                    if (prompt.text().asString().equals("p1")) {
                        throw new DataException("the template raised: no such role");
                    }
                    return Rollouts.ids(prompt);
                })
                .build()
                .start()) {
            assertThat(asked(rollouts.next(4))).containsExactly("p0", "p2", "p3", "p4");
            assertThat(rollouts.deadLetters())
                    .extracting(DeadLetter::index, DeadLetter::stage)
                    .containsExactly(tuple(1L, "feed"));
        }
    }

    @Test
    void next_sourceFails_endsWithItsOwnException() {
        DataException torn = new DataException("prompts.jsonl:3: torn line");
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .prompts(index -> {
                    throw torn;
                })
                .build()
                .start()) {
            assertThatThrownBy(() -> rollouts.next(4)).isSameAs(torn);
        }
    }

    @Test
    void next_nothingIsEverAnswered_endsWithTheFirstCause() {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                throw new IllegalStateException("failure " + requests.get());
            }
        };
        RolloutPlan plan = plan().generation(QUICK.withMaxFailuresInARow(4)).build();
        try (VertxRollouts rollouts = builder(plan, engine).build().start()) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("generate: 4 failures in a row, the first: failure 1")
                    .hasRootCauseMessage("failure 1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCELLED", "DEADLINE"})
    void next_engineAnswersWrongly_isAFailure(FinishReason torn) {
        Completion fine = new Completion("a", new int[] {1}, new float[] {-1}, FinishReason.STOP);
        Completion cut = new Completion("a", new int[] {1}, new float[] {-1}, torn);
        GenerationEngine engine = mock(GenerationEngine.class);
        when(engine.generate(any(), anyInt(), anyLong()))
                .thenReturn(List.of())
                .thenReturn(List.of(List.of(fine)))
                .thenReturn(List.of(List.of(fine, fine, cut)))
                .thenReturn(List.of(List.of(fine, fine, fine)));
        RolloutPlan plan = plan().promptsPerStep(1).promptsPerRequest(1).build();
        try (VertxRollouts rollouts = builder(plan, engine)
                .prompts(new ListedPrompts(Rollouts.prompts(2), false, 0, 1))
                .build()
                .start()) {
            List<Trajectory> batch = rollouts.next(1);

            assertThat(asked(batch)).containsExactly("p1");
            assertThat(rollouts.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.cause())
                            .hasMessage("generator: received answers to 0 prompts, expected 1"));
        }
        verify(engine, times(4)).generate(any(), anyInt(), anyLong());
        verify(engine).close();
    }

    @Test
    void next_engineHangsAndHeedsCancel_isTriedAgain() {
        CountDownLatch cancelled = new CountDownLatch(1);
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                boolean interrupted = false;
                while (cancelled.getCount() > 0) {
                    try {
                        cancelled.await();
                    } catch (InterruptedException e) {
                        interrupted = true; // as native code, which does not notice
                    }
                }
                if (interrupted) {
                    throw new IllegalStateException("cancelled");
                }
            }

            @Override
            public void cancel() {
                cancelled.countDown();
            }
        };
        RolloutPlan plan =
                plan().generation(QUICK.withDeadline(Duration.ofSeconds(2))).build();
        try (VertxRollouts rollouts =
                builder(plan, engine).registry(registry).build().start()) {
            assertThat(rollouts.next(4)).hasSize(12);
            assertThat(registry.get("rollout.requests.failed")
                            .tags("stage", "generate", "kind", "deadline")
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void next_engineHangsForGood_endsAndSaysSo() {
        CountDownLatch end = new CountDownLatch(1);
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                while (end.getCount() > 0) {
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        continue;
                    }
                }
            }
        };
        RolloutPlan plan = plan().generation(QUICK.withDeadline(Duration.ofSeconds(2)))
                .grace(Duration.ofSeconds(1))
                .build();
        VertxRollouts rollouts = builder(plan, engine).build().start();
        assertThatThrownBy(() -> rollouts.next(4))
                .isInstanceOf(TeacherException.class)
                .hasMessage(
                        "generator-0: did not stop within 1000 ms after its deadline of 2000 ms; it holds the device and"
                                + " cannot be replaced");
        assertThatThrownBy(rollouts::close)
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("rollout.generator-0");
        end.countDown();
    }

    @Test
    void next_engineRunsOutOfMemory_endsAtOnce() {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                throw new OutOfMemoryError("native heap");
            }
        };
        try (VertxRollouts rollouts = builder(plan().build(), engine).build().start()) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("generate: native heap")
                    .hasCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(engine.requests).hasValue(1);
    }

    @Test
    void next_longerThanTheLearnerWaits_endsAndSaysWhatWasMissing() {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                sleep(60_000);
            }
        };
        RolloutPlan plan = plan().learnerDeadline(Duration.ofSeconds(3)).build();
        try (VertxRollouts rollouts = builder(plan, engine).build().start()) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("next(4), 0 here: not done within PT3S: 4 prompts in flight, 0 to be resampled, 0"
                            + " in the buffer, 0 taken, version 0");
        }
    }

    @Test
    void start_engineOpensTooSlowly_failsAndClosesItOnceItHasOpened() {
        FakeEngine engine = new FakeEngine() {
            @Override
            public void start() {
                sleep(3000);
            }
        };
        RolloutPlan plan = plan().learnerDeadline(Duration.ofMillis(1)).build();
        assertThatThrownBy(() -> builder(plan, engine).build().start())
                .isInstanceOf(TeacherException.class)
                .hasMessage("rollouts: no answer within PT0.001S");
        assertThat(engine.closed).hasValue(1);
    }

    @Test
    void start_engineCannotStart_failsWithItsReasonAndIsClosed() {
        FakeEngine engine = new FakeEngine() {
            @Override
            public void start() {
                throw new IllegalStateException("no such device");
            }
        };
        assertThatThrownBy(() -> builder(plan().build(), engine).build().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no such device");
        assertThat(engine.closed).hasValue(1);
    }

    @Test
    void publish_engineCannotTakeTheWeights_ends() {
        FakeEngine engine = new FakeEngine() {
            @Override
            public void refresh(long newVersion) {
                throw new IllegalStateException("shapes differ");
            }
        };
        try (VertxRollouts rollouts = builder(plan().build(), engine).build().start()) {
            rollouts.next(4);
            assertThatThrownBy(() -> rollouts.publish(1))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("generator: cannot take version 1: shapes differ");
        }
    }
}
