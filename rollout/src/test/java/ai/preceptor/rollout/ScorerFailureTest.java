package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.QUICK;
import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.rollout.actor.DeviceLease;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.stubbing.Answer;

class ScorerFailureTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Scorer scorer = mock(Scorer.class);

    @BeforeEach
    void name() {
        when(scorer.name()).thenReturn("judge");
    }

    @Test
    void next_scorerThrows_answersAreUnscoredWithTheFirstReason() {
        when(scorer.score(anyList()))
                .thenThrow(new ScorerException("judge: 503 from the server"))
                .thenThrow(new IllegalStateException("judge: broken pipe"));

        List<Trajectory> batch = nextBatch(plan().build());

        assertThat(batch).hasSize(12).noneMatch(one -> one.score().isScored());
        assertThat(batch.get(0).score().problem()).isEqualTo("judge: 503 from the server");
        assertThat(batch.get(3).score().problem()).isEqualTo("judge: broken pipe");
        assertThat(batch).allSatisfy(one -> assertThat(one.score().value()).isNaN());
        verify(scorer, times(4 * 3)).score(anyList());
        assertThat(count("rollout.samples.unscored", "reason", "threw")).isEqualTo(12);
        assertThat(count("rollout.requests.failed", "kind", "threw")).isEqualTo(12);
        assertThat(count("rollout.requests.retried", "stage", "score")).isEqualTo(8);
    }

    @Test
    void next_scorerFailsOnce_isAskedAgainAndAllIsScored() {
        when(scorer.score(anyList()))
                .thenThrow(new ScorerException("judge: 429"))
                .then(all(Score.of(0.5)));

        List<Trajectory> batch = nextBatch(plan().build());

        assertThat(batch).extracting(Trajectory::score).containsOnly(Score.of(0.5));
        assertThat(count("rollout.requests.retried", "stage", "score")).isEqualTo(1);
        assertThat(count("rollout.samples.unscored", "reason", "scorer")).isZero();
    }

    @Test
    void next_wrongCount_isNeverMatchedUp() {
        when(scorer.score(anyList())).thenReturn(List.of(Score.of(1), Score.of(2)));

        List<Trajectory> batch = nextBatch(plan().build());

        assertThat(batch).hasSize(12).noneMatch(one -> one.score().isScored());
        assertThat(batch.get(5).score().problem()).isEqualTo("scorer judge: prompt 1: received 2 scores for 3 answers");
        assertThat(count("rollout.samples.unscored", "reason", "answer")).isEqualTo(12);
    }

    @Test
    void next_nullScoreOrNullList_isUnscored() {
        when(scorer.score(anyList()))
                .thenReturn(Arrays.asList(Score.of(1), null, Score.of(2)))
                .thenReturn(null);

        List<Trajectory> batch = nextBatch(
                plan().promptsPerStep(2)
                        .scoring(QUICK.withRetries(0).withFirstDelay(Duration.ZERO))
                        .build(),
                2);

        assertThat(batch.get(0).score().problem())
                .isEqualTo("scorer judge: prompt 0: received null for answer 1, expected a score");
        assertThat(batch.get(3).score().problem())
                .isEqualTo("scorer judge: prompt 1: received no list, expected 3 scores");
    }

    @Test
    void next_notANumber_isUnscoredAndNever0() {
        when(scorer.score(anyList())).then(call -> List.of(Score.of(Double.NaN)));

        List<Trajectory> batch = nextBatch(plan().build());

        assertThat(batch).allSatisfy(one -> {
            assertThat(one.score().isScored()).isFalse();
            assertThat(one.score().problem()).isEqualTo("value: expected a finite score, received NaN");
        });
    }

    @Test
    void next_someUnscoredByTheScorer_theOthersKeepTheirScores() {
        when(scorer.score(anyList()))
                .thenReturn(List.of(Score.of(0), Score.unscored("no verdict in the reply"), Score.of(-2)));

        List<Trajectory> batch = nextBatch(plan().build());

        assertThat(batch.subList(0, 3))
                .extracting(Trajectory::score)
                .containsExactly(Score.of(0), Score.unscored("no verdict in the reply"), Score.of(-2));
        assertThat(count("rollout.samples.unscored", "reason", "scorer")).isEqualTo(4);
        verify(scorer, times(4)).score(anyList());
    }

    @Test
    void next_scorerHangsAndHeedsInterrupts_goesOnWithTheSameActor() {
        when(scorer.score(anyList()))
                .then(call -> {
                    sleep(60_000);
                    return List.of();
                })
                .then(all(Score.of(1)));
        RolloutPlan plan =
                plan().scoring(QUICK.withDeadline(Duration.ofSeconds(2))).build();

        List<Trajectory> batch = nextBatch(plan);

        assertThat(batch).extracting(Trajectory::score).containsOnly(Score.of(1));
        assertThat(count("rollout.requests.failed", "kind", "deadline")).isEqualTo(1);
        assertThat(count("rollout.actors.restarted", "stage", "score")).isZero();
    }

    @Test
    void next_scorerHangsForGood_isReplacedAndTheRunGoesOn() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger made = new AtomicInteger();
        when(scorer.score(anyList())).then(all(Score.of(1)));
        RolloutPlan plan = plan().scoring(QUICK.withDeadline(Duration.ofSeconds(2)))
                .grace(Duration.ofSeconds(2))
                .build();
        VertxRollouts rollouts = builder(plan, new FakeEngine())
                .registry(registry)
                .scorers(() -> made.getAndIncrement() == 0 ? stubborn(end) : scorer)
                .build()
                .start();

        assertThat(rollouts.next(4)).extracting(Trajectory::score).containsOnly(Score.of(1));
        assertThat(made).hasValue(2);
        assertThat(count("rollout.actors.restarted", "stage", "score")).isEqualTo(1);
        assertThatCode(rollouts::close).doesNotThrowAnyException();
        end.countDown();
    }

    @Test
    void close_scorerHangsForGood_namesIt() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        RolloutPlan plan = plan().grace(Duration.ofSeconds(2)).build();
        VertxRollouts rollouts = builder(plan, new FakeEngine())
                .lease(DeviceLease.separate())
                .scorers(() -> Rollouts.all(answers -> {
                    begun.countDown();
                    return stubborn(end).score(answers);
                }))
                .build()
                .start();
        begun.await();

        assertThatThrownBy(rollouts::close)
                .isInstanceOf(TeacherException.class)
                .hasMessage("rollouts: still running PT2S after they were told to stop: [rollout.scorer-0]");
        end.countDown();
    }

    @Test
    void next_everyScorerHangs_isUnscoredAfterAllRetries() {
        when(scorer.score(anyList())).then(call -> {
            sleep(60_000);
            return List.of();
        });
        RolloutPlan plan = plan().promptsPerStep(2)
                .scoring(QUICK.withDeadline(Duration.ofMillis(30)))
                .scorerInstances(2)
                .build();

        List<Trajectory> batch = nextBatch(plan, 2);

        assertThat(batch)
                .hasSize(6)
                .allSatisfy(one -> assertThat(one.score().problem()).isEqualTo("scorer: no answer within 30 ms"));
        assertThat(count("rollout.samples.unscored", "reason", "deadline")).isEqualTo(6);
    }

    @Test
    void next_tooManyFailuresInARow_endsWithTheFirstCause() {
        AtomicInteger calls = new AtomicInteger();
        when(scorer.score(anyList())).then(call -> {
            throw new IllegalStateException("failure " + calls.incrementAndGet());
        });
        RolloutPlan plan = plan().scoring(QUICK.withMaxFailuresInARow(5)).build();

        try (VertxRollouts rollouts = start(plan)) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(ScorerException.class)
                    .hasMessage("score: 5 failures in a row, the first: failure 1")
                    .hasRootCauseMessage("failure 1");
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(ScorerException.class)
                    .hasMessageContaining("failure 1");
            assertThatThrownBy(() -> rollouts.publish(1)).isInstanceOf(ScorerException.class);
        }
        assertThat(calls).hasValue(5);
    }

    @Test
    void next_failuresWithSuccessesBetween_areNoRow() {
        when(scorer.score(anyList())).then(call -> {
            if (call.getArgument(0).toString().contains("p0/")) {
                throw new IllegalStateException("not this one");
            }
            return all(Score.of(1)).answer(call);
        });

        // The first of its three failures comes before the other prompts, the others come after them.
        List<Trajectory> batch =
                nextBatch(plan().scoring(QUICK.withMaxFailuresInARow(3)).build());

        assertThat(batch.subList(0, 3)).noneMatch(one -> one.score().isScored());
        assertThat(batch.subList(3, 12)).extracting(Trajectory::score).containsOnly(Score.of(1));
        assertThat(count("rollout.requests.failed", "kind", "threw")).isEqualTo(3);
    }

    @Test
    void next_nothingEverScored_endsWithTheScorersReason() {
        when(scorer.score(anyList())).then(all(Score.unscored("teacher is down")));
        RolloutPlan plan = plan().scoring(QUICK.withMaxFailuresInARow(3)).build();

        try (VertxRollouts rollouts = start(plan)) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(ScorerException.class)
                    .hasMessageContaining(
                            "3 failures in a row, the first: prompt 0: no answer was scored: teacher is down");
        }
    }

    @Test
    void next_teacherFailedForGood_endsAtOnce() {
        when(scorer.score(anyList()))
                .thenThrow(new ScorerException("judge: timeout"))
                .thenThrow(new TeacherException("judge: 401 unauthorized"));

        try (VertxRollouts rollouts = start(plan().build())) {
            assertThatThrownBy(() -> rollouts.next(4))
                    .isInstanceOf(TeacherException.class)
                    .hasMessage("score: judge: 401 unauthorized")
                    .cause()
                    .hasSuppressedException(new ScorerException("judge: timeout"));
        }
        verify(scorer, times(2)).score(anyList());
    }

    @Test
    void start_scorerCannotBeMadeWhileAnEngineOpens_failsWithItsReasonAndLeavesNothing() {
        FakeEngine engine = new FakeEngine();
        CountDownLatch scorerFailed = new CountDownLatch(1);
        RolloutSetupBuilder builder = builder(plan().build(), engine)
                .engines(new Engines(
                        1,
                        version -> {
                            assertThatCode(scorerFailed::await).doesNotThrowAnyException();
                            sleep(100); // so that it opens after everybody has heard of the failure
                            return engine;
                        },
                        false))
                .scorers(() -> {
                    scorerFailed.countDown();
                    throw new TeacherException("reward model: no such directory");
                });

        assertThatThrownBy(() -> builder.build().start())
                .isInstanceOf(TeacherException.class)
                .hasMessage("reward model: no such directory");
        assertThat(engine.closed).hasValue(1);
    }

    @Test
    void close_scorersOfASupplier_areClosedAndABorrowedOneIsNot() {
        when(scorer.score(anyList())).then(all(Score.of(1)));
        nextBatch(plan().build());
        verify(scorer, atLeastOnce()).close();

        Scorer borrowed = mock(Scorer.class);
        when(borrowed.name()).thenReturn("borrowed");
        when(borrowed.score(anyList())).then(all(Score.of(2)));
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .scorers(() -> new UnownedScorer(borrowed))
                .build()
                .start()) {
            assertThat(rollouts.next(4)).extracting(Trajectory::score).containsOnly(Score.of(2));
        }
        verify(borrowed, times(0)).close();
    }

    private List<Trajectory> nextBatch(RolloutPlan plan) {
        return nextBatch(plan, 4);
    }

    private List<Trajectory> nextBatch(RolloutPlan plan, int prompts) {
        try (VertxRollouts rollouts = start(plan)) {
            return rollouts.next(prompts);
        }
    }

    private VertxRollouts start(RolloutPlan plan) {
        return builder(plan, new FakeEngine())
                .registry(registry)
                .scorers(() -> scorer)
                .build()
                .start();
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static Answer<List<Score>> all(Score score) {
        return call -> {
            List<?> answers = call.getArgument(0);
            return answers.stream().map(answer -> score).toList();
        };
    }

    /** Hangs until {@code end}, whoever interrupts it. */
    private static Scorer stubborn(CountDownLatch end) {
        return Rollouts.all(answers -> {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    continue;
                }
            }
            return List.of();
        });
    }
}
