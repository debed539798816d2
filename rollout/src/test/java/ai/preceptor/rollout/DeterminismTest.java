package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static ai.preceptor.rollout.Rollouts.scorer;
import static ai.preceptor.rollout.Rollouts.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeterminismTest {

    @ParameterizedTest
    @CsvSource({"0,true", "0,false", "1,true", "1,false", "3,true", "3,false"})
    void next_oneOrFourScorersAndAnySpeed_givesTheSame(int maxStaleness, boolean shared) {
        List<List<Trajectory>> one = run(maxStaleness, shared, 1, 0, 0);
        List<List<Trajectory>> four = run(maxStaleness, shared, 4, 5, 0);
        List<List<Trajectory>> slowLearner = run(maxStaleness, shared, 2, 2, 7);

        assertThat(one).hasSize(6).allSatisfy(batch -> assertThat(batch).hasSize(12));
        assertThat(four).isEqualTo(one);
        assertThat(slowLearner).isEqualTo(one);
    }

    @Test
    void next_byDefault_isInTheOrderOfThePromptsInCompleteGroups() {
        try (VertxRollouts rollouts =
                builder(plan().build(), new FakeEngine()).build().start()) {
            List<Trajectory> batch = learn(rollouts, 2, 4).get(1);

            assertThat(batch).extracting(Trajectory::group).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3);
            assertThat(Rollouts.asked(batch)).containsExactly("p4", "p5", "p6", "p7");
            assertThat(batch.get(4).completion().text()).isEqualTo("p5/1@1");
            assertThat(batch.get(4).promptIds()).containsExactly('p', '5');
            assertThat(batch)
                    .allSatisfy(one -> assertThat(one.score().value())
                            .isEqualTo(one.completion().text().length()));
        }
    }

    @Test
    void next_otherSeed_givesOtherSamples() {
        List<Trajectory> one = firstBatch(plan().seed(1).build());
        List<Trajectory> other = firstBatch(plan().seed(2).build());

        assertThat(one).isEqualTo(firstBatch(plan().seed(1).build()));
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void start_fromTheCursor_goesOnAsIfNeverStopped() {
        List<Trajectory> third;
        try (VertxRollouts whole =
                builder(plan().build(), new FakeEngine()).build().start()) {
            third = learn(whole, 3, 4).get(2);
        }
        FakeEngine resumed = new FakeEngine();
        resumed.refresh(2);
        long cursor;
        try (VertxRollouts first =
                builder(plan().build(), new FakeEngine()).build().start()) {
            learn(first, 2, 4);
            cursor = first.cursor();
        }

        try (VertxRollouts second = builder(plan().build(), resumed)
                .firstIndex(cursor)
                .version(2)
                .build()
                .start()) {
            assertThat(second.next(4)).isEqualTo(third);
            assertThat(second.cursor()).isEqualTo(12);
        }
    }

    private static List<Trajectory> firstBatch(RolloutPlan plan) {
        try (VertxRollouts rollouts = builder(plan, new FakeEngine()).build().start()) {
            return rollouts.next(4);
        }
    }

    /** Scorers and engine rest up to {@code jitter} ms, the learner up to {@code learning} ms a step. */
    private static List<List<Trajectory>> run(int maxStaleness, boolean shared, int scorers, int jitter, int learning) {
        RolloutPlan plan = plan().maxStaleness(maxStaleness)
                .scorerInstances(scorers)
                .promptsInFlight(4)
                .bufferPrompts(4 * (maxStaleness + 1))
                .build();
        Random random = new Random(3);
        Supplier<Integer> rest = () -> jitter == 0 ? 0 : random.nextInt(jitter);
        FakeEngine engine = new FakeEngine() {
            @Override
            protected void before(List<EncodedPrompt> asked) {
                sleep(rest.get());
            }
        };
        RolloutSetupBuilder builder = builder(plan, engine)
                .lease(shared ? DeviceLease.shared() : DeviceLease.separate())
                .scorers(() -> scorer(answer -> {
                    sleep(rest.get());
                    return Score.of(answer.text().asString().hashCode());
                }));
        List<List<Trajectory>> batches = new ArrayList<>();
        try (VertxRollouts rollouts = builder.build().start()) {
            for (int step = 0; step < 6; step++) {
                batches.add(rollouts.next(4));
                sleep(learning);
                rollouts.publish(step + 1);
            }
        }
        return batches;
    }
}
