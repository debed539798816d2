package ai.preceptor.run.learners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.train.learners.LearnerFailedException;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Learners that sample together, as threads, with engines that say which prompts they saw. */
class SharedSamplingTest {
    private static final int PROMPTS = 5;

    /** Answers with the prompt's index and seed. */
    private record Echo(List<Long> seen, boolean fails) implements GenerationEngine {
        @Override
        public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
            if (fails) {
                throw new IllegalStateException("no memory");
            }
            List<List<Completion>> answers = new ArrayList<>();
            for (EncodedPrompt prompt : prompts) {
                seen.add(prompt.index());
                answers.add(Collections.nCopies(samples, answer(prompt.index(), prompt.seed(seedBase))));
            }
            return answers;
        }
    }

    private static Completion answer(long index, long seed) {
        return new Completion(
                index + " " + seed, new int[] {(int) index, 7}, new float[] {-0.25f, -1.5f}, FinishReason.STOP);
    }

    /** A sampler over an engine: one request a batch, each answer scored with its group. */
    private record Direct(GenerationEngine engine, long[] place) implements PolicySampler {
        @Override
        public List<Trajectory> next(int prompts) {
            List<EncodedPrompt> asked = IntStream.range(0, prompts)
                    .mapToObj(i -> new EncodedPrompt(
                            place[0] + i, new Prompt(new Text.Plain("p" + i), Map.of("answer", i)), new int[] {1, i}))
                    .toList();
            List<List<Completion>> answers = engine.generate(asked, 2, 9);
            place[0] += prompts;
            List<Trajectory> all = new ArrayList<>();
            for (int group = 0; group < prompts; group++) {
                for (Completion one : answers.get(group)) {
                    EncodedPrompt prompt = asked.get(group);
                    all.add(new Trajectory(prompt.prompt(), prompt.ids(), one, group, 3, Score.of(group * 0.1)));
                }
            }
            return all;
        }

        @Override
        public void publish(long version) {
            if (version < 0) {
                throw new IllegalStateException("disk full");
            }
        }

        @Override
        public long cursor() {
            return place[0];
        }

        @Override
        public void close() {}
    }

    /** What a learner got. */
    private record Got(List<Trajectory> answers, long cursor, boolean stopping, boolean reports, List<Long> seen) {}

    private static Got sample(Collective learners, int failing) {
        Echo engine = new Echo(new ArrayList<>(), learners.rank() == failing);
        SharedSampling sampling = SharedSampling.of(learners, () -> true);
        PolicySampler sampler = sampling.isFollower()
                ? sampling.following(engine, 40)
                : sampling.leading(() -> new Direct(sampling.shared(engine), new long[] {40}));
        List<Trajectory> answers = new ArrayList<>(sampler.next(PROMPTS));
        answers.addAll(sampler.next(1));
        return new Got(answers, sampler.cursor(), sampling.stopping().getAsBoolean(), sampler.reports(), engine.seen());
    }

    @Test
    void next_ofThree_givesAllTheAnswersOfOne() throws Exception {
        Got one = sample(Collective.single(), -1);

        List<Got> three = ThreadCollective.each(ThreadCollective.group(3), learners -> sample(learners, -1));

        assertThat(one.answers()).hasSize(12);
        assertThat(three).allSatisfy(learner -> {
            assertThat(learner.answers()).isEqualTo(one.answers());
            assertThat(learner.cursor()).isEqualTo(46);
            assertThat(learner.stopping()).isTrue();
        });
        assertThat(three)
                .extracting(Got::seen)
                .containsExactly(List.of(40L, 43L, 45L), List.of(41L, 44L), List.of(42L));
        assertThat(three).extracting(Got::reports).containsExactly(true, false, false);
    }

    @Test
    void next_whereAnotherLearnerFails_isToldToLearnerZeroAndAll() {
        assertThatThrownBy(() -> ThreadCollective.each(ThreadCollective.group(2), learners -> sample(learners, 1)))
                .isInstanceOf(LearnerFailedException.class)
                .hasMessageContaining("no memory");
    }

    /** What a learner meets that opens its sampler, publishes a version and samples. */
    private static String failure(Collective learners, boolean opens, long version) {
        Echo engine = new Echo(new ArrayList<>(), false);
        SharedSampling sampling = SharedSampling.of(learners, () -> false);
        try {
            PolicySampler sampler = sampling.isFollower()
                    ? sampling.following(engine, 40)
                    : sampling.leading(() -> {
                        if (!opens) {
                            throw new IllegalStateException("no port");
                        }
                        return new Direct(sampling.shared(engine), new long[] {40});
                    });
            sampler.publish(version);
            sampler.next(PROMPTS);
            return "nothing";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    @Test
    void publish_thatFails_isToldToAll() throws Exception {
        assertThat(ThreadCollective.each(ThreadCollective.group(3), learners -> failure(learners, true, -1)))
                .containsExactly(
                        "IllegalStateException: disk full",
                        "LearnerFailedException: learner 0: disk full",
                        "LearnerFailedException: learner 0: disk full");
    }

    @Test
    void leading_thatDoesNotOpen_isToldToAll() throws Exception {
        assertThat(ThreadCollective.each(ThreadCollective.group(2), learners -> failure(learners, false, 1)))
                .containsExactly("IllegalStateException: no port", "LearnerFailedException: learner 0: no port");
    }

    /** Without them a hung sampler would only be found by the deadline of its request. */
    @Test
    void shared_engine_countsTheStepsOfItsOwn() throws Exception {
        assertThat(ThreadCollective.each(
                        ThreadCollective.group(2),
                        learners -> SharedSampling.of(learners, () -> false)
                                .shared(new Counting())
                                .steps()))
                .containsOnly(OptionalLong.of(7));
    }

    private record Counting() implements GenerationEngine {
        @Override
        public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
            return List.of();
        }

        @Override
        public OptionalLong steps() {
            return OptionalLong.of(7);
        }
    }

    @Test
    void greedy_isAskedOfLearnerZeroAlone() throws Exception {
        List<List<Trajectory>> answered = ThreadCollective.each(ThreadCollective.group(2), learners -> {
            Trajectory asked =
                    new Trajectory(Prompt.plain("p"), new int[] {1}, answer(4, 2), 0, 0, Score.unscored("not yet"));
            return SharedSampling.of(learners, () -> false)
                    .greedy(ones -> List.of(ones.get(0).withScore(Score.of(learners.rank() + 0.5))))
                    .to(List.of(asked));
        });
        assertThat(answered)
                .allSatisfy(ones -> assertThat(ones)
                        .singleElement()
                        .satisfies(one -> assertThat(one.score()).isEqualTo(Score.of(0.5))));
    }
}
