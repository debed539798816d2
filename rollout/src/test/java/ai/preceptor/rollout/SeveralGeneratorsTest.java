package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeveralGeneratorsTest {
    private final Queue<FakeEngine> made = new ConcurrentLinkedQueue<>();

    /** Three steps of a plan by one engine that never fails. */
    private List<List<Trajectory>> byOne(RolloutPlan plan) {
        try (VertxRollouts steady = builder(plan, new FakeEngine()).build().start()) {
            return learn(steady, 3, 4);
        }
    }

    private FakeEngine kept(FakeEngine engine, long version) {
        engine.version.set(version);
        made.add(engine);
        return engine;
    }

    private RolloutSetupBuilder several(int count, RolloutPlan plan, LongFunction<FakeEngine> supplier) {
        return builder(plan, new FakeEngine())
                .lease(DeviceLease.separate())
                .engines(Engines.several(count, version -> kept(supplier.apply(version), version)));
    }

    private static FakeEngine uneven() {
        Random random = new Random(5);
        return new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                sleep(random.nextInt(6));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void next_oneOrThreeGenerators_givesTheSame(int maxStaleness) {
        RolloutPlan plan = plan().maxStaleness(maxStaleness).build();
        List<List<Trajectory>> one;
        try (VertxRollouts rollouts =
                several(1, plan, version -> new FakeEngine()).build().start()) {
            one = learn(rollouts, 6, 4);
        }
        made.clear();
        try (VertxRollouts rollouts =
                several(3, plan, version -> uneven()).build().start()) {
            assertThat(learn(rollouts, 6, 4)).isEqualTo(one);
        }
        assertThat(made).hasSize(3).allSatisfy(engine -> {
            assertThat(engine.version).as("all took every version").hasValue(6);
            assertThat(engine.threads).as("each on its own thread").hasSize(1);
            assertThat(engine.closed).hasValue(1);
        });
        assertThat(made.stream().filter(engine -> engine.prompts.get() > 0).count())
                .as("more than one worked")
                .isGreaterThan(1);
    }

    @Test
    void next_oneGeneratorHangs_anotherDoesItsWork_andANewOneComesWithTheNewestWeights() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean hung = new AtomicBoolean();
        RolloutPlan plan = plan().generation(Rollouts.QUICK.withDeadline(Duration.ofSeconds(2)))
                .grace(Duration.ofSeconds(2))
                .build();
        RolloutSetupBuilder builder = several(2, plan, version -> new FakeEngine() {
                    @Override
                    protected void before(List<EncodedPrompt> asked) {
                        if (asked.get(0).index() == 4 && hung.compareAndSet(false, true)) {
                            hang(never);
                        }
                    }
                })
                .registry(registry);
        List<List<Trajectory>> expected = byOne(plan);
        VertxRollouts rollouts = builder.build().start();
        try {
            assertThat(rollouts.next(4)).isEqualTo(expected.get(0));
            rollouts.publish(1);
            assertThat(rollouts.next(4)).isEqualTo(expected.get(1));
            rollouts.publish(2);
            assertThat(rollouts.next(4)).isEqualTo(expected.get(2));
            assertThat(registry.get("rollout.actors.restarted")
                            .tag("stage", "generate")
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(made).hasSize(3);
            assertThat(rollouts.deadLetters()).isEmpty();
        } finally {
            never.countDown();
            sleep(100); // so that it is gone when all is closed
            rollouts.close();
        }
    }

    @Test
    void publish_oneOfTwoCannotTakeTheWeights_isReplacedByOneThatHasThem() {
        RolloutPlan plan = plan().build();
        List<List<Trajectory>> expected = byOne(plan);
        made.clear();
        AtomicBoolean first = new AtomicBoolean(true); // both are made at once, each on its own thread
        try (VertxRollouts rollouts = several(2, plan, version -> new FakeEngine() {
                    final boolean broken = first.getAndSet(false);

                    @Override
                    public void refresh(long newVersion) {
                        if (broken) {
                            throw new IllegalStateException("no memory for them");
                        }
                        super.refresh(newVersion);
                    }
                })
                .build()
                .start()) {
            assertThat(learn(rollouts, 3, 4)).isEqualTo(expected);
            assertThat(made).hasSize(3);
        }
    }

    /** One throws at once and is replaced while the other still takes the weights. */
    @Test
    void publish_replacementThatOpensMeanwhile_hasTheNewWeights() {
        RolloutPlan plan = plan().build();
        List<List<Trajectory>> expected = byOne(plan);
        made.clear();
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch replaced = new CountDownLatch(3);
        try (VertxRollouts rollouts = several(2, plan, version -> {
                    int number = asked.incrementAndGet();
                    return new FakeEngine() {
                        @Override
                        public void start() {
                            super.start();
                            replaced.countDown();
                        }

                        @Override
                        public void refresh(long newVersion) {
                            if (number == 1) {
                                throw new IllegalStateException("no memory for them");
                            }
                            await(replaced);
                            super.refresh(newVersion);
                        }
                    };
                })
                .build()
                .start()) {
            assertThat(learn(rollouts, 3, 4)).isEqualTo(expected);
            assertThat(made).hasSize(3);
        }
    }

    /** Loading weights may take longer than any request. */
    @Test
    void publish_refreshThatTakesLongerThanARequestMay_isWaitedForAsLongAsThePlanSays() {
        Duration brief = Duration.ofSeconds(1);
        RolloutPlan plan = plan().generation(Rollouts.QUICK.withDeadline(brief)).build();
        assertThat(plan.refresh()).as("by default").isEqualTo(brief);
        assertThat(plan().generation(Rollouts.QUICK.withDeadline(Duration.ofDays(1)))
                        .build()
                        .refresh())
                .isEqualTo(Duration.ofMinutes(10));
        try (VertxRollouts rollouts = several(
                        1, plan.refreshedWithin(Duration.ofMinutes(1)), version -> new FakeEngine() {
                            @Override
                            public void refresh(long newVersion) {
                                sleep(1500);
                                super.refresh(newVersion);
                            }
                        })
                .build()
                .start()) {
            assertThat(learn(rollouts, 1, 4)).hasSize(1);
            assertThat(made)
                    .singleElement()
                    .satisfies(engine -> assertThat(engine.version).hasValue(1));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void close_whileAReplacementOpens_closesItToo() throws InterruptedException {
        CountDownLatch opening = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        VertxRollouts rollouts = several(2, plan().build(), version -> {
                    int number = asked.incrementAndGet();
                    if (number == 3) {
                        opening.countDown();
                        sleep(500); // so that the rollouts close meanwhile
                    }
                    return new FakeEngine() {
                        @Override
                        public void refresh(long newVersion) {
                            if (number == 1) {
                                throw new IllegalStateException("no memory for them");
                            }
                            super.refresh(newVersion);
                        }
                    };
                })
                .build()
                .start();

        rollouts.next(4);
        rollouts.publish(1);
        opening.await();
        rollouts.close();

        assertThat(made)
                .hasSize(3)
                .allSatisfy(engine -> assertThat(engine.closed).hasValue(1));
    }

    /** As native code does, it does not notice interrupts; once only. */
    private static void hang(CountDownLatch never) {
        boolean over = false;
        while (!over) {
            try {
                never.await();
                over = true;
            } catch (InterruptedException e) {
                // as deaf as native code
            }
        }
    }

    @Test
    void next_aGeneratorThatOnlyThrows_isReplaced_andNothingIsLost() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        RolloutPlan plan = plan().generation(Rollouts.QUICK.withRetries(6).withFirstDelay(Duration.ofMillis(1)))
                .build();
        try (VertxRollouts rollouts = several(1, plan, version -> new FakeEngine() {
                    final boolean broken = made.isEmpty();

                    @Override
                    protected void before(List<EncodedPrompt> asked) {
                        if (broken) {
                            throw new IllegalStateException("its memory is torn");
                        }
                    }
                })
                .registry(registry)
                .build()
                .start()) {
            assertThat(rollouts.next(4)).hasSize(12);
            assertThat(made).hasSize(2);
            assertThat(rollouts.deadLetters()).isEmpty();
        }
        assertThat(made)
                .allSatisfy(engine -> assertThat(engine.closed)
                        .as("closed beside the work that goes on, at the latest with all")
                        .hasValue(1));
    }

    @Test
    void start_severalOnTheLearnersDevice_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder(plan().build(), new FakeEngine())
                        .engines(Engines.several(2, version -> new FakeEngine()))
                        .build()
                        .start())
                .withMessageContaining("expected a separate one");
    }
}
