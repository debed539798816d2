package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static ai.preceptor.rollout.Rollouts.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final Set<Thread> before = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void rememberThreads() {
        before.addAll(Thread.getAllStackTraces().keySet());
    }

    @Test
    void close_whileEverythingRuns_leavesNoThreadAndClosesAllOnTheirOwnThreads() throws InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Set<Thread> scoring = ConcurrentHashMap.newKeySet();
        Set<Thread> closing = ConcurrentHashMap.newKeySet();
        AtomicInteger judged = new AtomicInteger();
        FakeEngine engine = new FakeEngine();
        VertxRollouts rollouts = builder(
                        plan().maxStaleness(3).scorerInstances(3).build(), engine)
                .registry(registry)
                .lease(DeviceLease.separate())
                .scorers(() -> new Scorer() {
                    @Override
                    public String name() {
                        return "slow";
                    }

                    @Override
                    public List<Score> score(List<Answer> answers) {
                        scoring.add(Thread.currentThread());
                        judged.incrementAndGet();
                        sleep(60_000);
                        return List.of();
                    }

                    @Override
                    public void close() {
                        closing.add(Thread.currentThread());
                    }
                })
                .build()
                .start();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread learner = new Thread(() -> {
            try {
                rollouts.next(4);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        learner.start();
        until(() -> judged.get() == 3 && learner.getState() == Thread.State.TIMED_WAITING);

        rollouts.close();
        learner.join();

        assertThat(thrown.get()).isInstanceOf(CancellationException.class).hasMessage("rollouts were closed");
        assertThat(engine.closed).hasValue(1);
        assertThat(engine.threads).hasSize(1);
        assertThat(closing).hasSize(3).isEqualTo(scoring);
        until(() -> newThreads().isEmpty());
        assertThat(registry.find("rollout.prompts.inflight").gauge()).isNull();
        assertThat(registry.get("rollout.samples.unscored").counters())
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
        assertThat(registry.get("rollout.requests.failed").counters())
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
    }

    @Test
    void close_manyTimesOver_threadsDoNotGather() {
        for (int i = 0; i < 5; i++) {
            try (VertxRollouts rollouts = builder(plan().scorerInstances(2).build(), new FakeEngine())
                    .build()
                    .start()) {
                rollouts.next(4);
            }
        }
        until(() -> newThreads().isEmpty());
    }

    @Test
    void close_twice_isOnce() {
        FakeEngine engine = new FakeEngine();
        VertxRollouts rollouts = builder(plan().build(), engine).build().start();
        rollouts.close();
        rollouts.close();

        assertThat(engine.closed).hasValue(1);
        assertThatThrownBy(() -> rollouts.next(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rollouts are closed");
        assertThatThrownBy(() -> rollouts.publish(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void next_interrupted_saysSoAndKeepsTheFlag() throws InterruptedException {
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                sleep(60_000);
            }
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        try (VertxRollouts rollouts = builder(plan().build(), engine).build().start()) {
            Thread learner = new Thread(() -> {
                try {
                    rollouts.next(4);
                } catch (RuntimeException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            learner.start();
            until(() -> engine.requests.get() == 1);
            learner.interrupt();
            learner.join();
            assertThat(thrown.get())
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("interrupted while waiting for rollouts");
            assertThat(flag.get()).isTrue();
            assertThatThrownBy(() -> rollouts.next(4)).isInstanceOf(CancellationException.class);
        }
        until(() -> newThreads().isEmpty());
    }

    @Test
    void start_withoutAnEngine_namesIt() {
        assertThatThrownBy(() -> VertxRollouts.builder(plan().build())
                        .prompts(index -> Optional.empty())
                        .encoder(Rollouts::ids)
                        .build()
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("rollouts: engine not given");
    }

    private Set<String> newThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> name.startsWith("rollout") || name.startsWith("vert"))
                .collect(Collectors.toSet());
    }
}
