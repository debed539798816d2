package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.kl.KlSettings;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.run.RunStore;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyOptimizationTest {
    private final PolicyRun run = new PolicyRun();

    /** The reward rises by more than its noise, and pays for it in KL, which is 0 as long as nothing was learnt. */
    @Test
    void optimize_rloo_raisesTheReward() {
        run.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.RLOO).build(),
                PolicyRun.config(30).build());
        assertThat(run.mean("reward", 25, 30)).isGreaterThan(run.mean("reward", 0, 5) + 10);
        assertThat(run.column("objective/kl").get(0)).isCloseTo(0, within(1e-4));
        assertThat(run.mean("objective/kl", 25, 30)).isGreaterThan(1);
        assertThat(run.mean("completions/mean_length", 25, 30)).isLessThan(run.mean("completions/mean_length", 0, 5));
        assertThat(run.column("clip_ratio/region_mean")).containsOnly(0.0);
    }

    @Test
    void optimize_grpoWithKlInTheLoss_raisesTheReward() {
        run.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.GRPO)
                        .numGenerations(8)
                        .kl(KlSettings.builder().beta(0.02).build())
                        .build(),
                PolicyRun.config(20).build());
        assertThat(run.mean("reward", 15, 20)).isGreaterThan(run.mean("reward", 0, 5) + 5);
        assertThat(run.column("kl").get(0)).isCloseTo(0, within(1e-6));
        assertThat(run.column("kl").subList(1, 20)).allMatch(kl -> kl > 0);
    }

    /** Two passes over a batch cut into two steps: four steps a batch, clipping after the first. */
    @Test
    void optimize_reinforcePlusPlus_raisesTheReward() {
        run.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.REINFORCE_PLUS_PLUS)
                        .numGenerations(1)
                        .numIterations(2)
                        .stepsPerGeneration(4)
                        .build(),
                PolicyRun.config(40).batchSize(16).gradientAccumulationSteps(2).build());
        List<Double> rewards = run.column("reward");
        for (int step = 0; step < 40; step++) {
            assertThat(rewards.get(step) != null)
                    .as("a batch begins at step " + step)
                    .isEqualTo(step % 4 == 0);
        }
        assertThat(rewards.get(36)).isGreaterThan(rewards.get(0) + 5);
        assertThat(run.column("clip_ratio/region_mean").get(0)).isZero();
        assertThat(run.column("clip_ratio/region_mean").get(3)).isPositive();
    }

    /** One answer a prompt, against the greedy answer's score; greedy answers are no samples. */
    @Test
    void optimize_remax_raisesTheReward() {
        PolicySummary summary = run.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.REMAX).numGenerations(1).build(),
                PolicyRun.config(30).build());
        assertThat(run.mean("reward", 25, 30)).isGreaterThan(run.mean("reward", 0, 5) + 5);
        assertThat(run.column("reward_greedy")).doesNotContainNull();
        assertThat(summary.counts().samples()).isEqualTo(30 * 32);
        assertThat(run.samples).hasSize(30 * 32);
    }

    /** Sampled answers come one by one, greedy ones in one call, which this scorer does not stand. */
    @Test
    void optimize_remaxWhoseScorerFailsOnceABatch_learnsFromAllPrompts() {
        Scorer single = scorer("single", answers -> {
            if (answers.size() > 1) {
                throw new ScorerException("single: too many answers");
            }
            return PolicyRun.BREVITY.score(answers);
        });
        PolicySummary summary = run.inMemory(
                single,
                PolicyRun.options(PolicyAlgorithm.REMAX).numGenerations(1).build(),
                PolicyRun.config(2).batchSize(8).build());
        assertThat(summary.counts().skippedGroups()).isZero();
        assertThat(run.column("frac_groups_skipped")).containsExactly(0.0, 0.0);
        assertThat(run.column("reward_greedy")).doesNotContainNull();
    }

    /** The actors score the next batch while the learner has greedy answers scored. */
    @Test
    void optimize_remaxAheadOfLearning_neverScoresTwiceAtOnce() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Scorer slow = scorer("slow", answers -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            try {
                Thread.sleep(10);
                return PolicyRun.BREVITY.score(answers);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                inside.decrementAndGet();
            }
        });
        run.inMemory(
                slow,
                new PolicyOptions(PolicyRun.options(PolicyAlgorithm.REMAX)
                                .numGenerations(1)
                                .build())
                        .with(RolloutSettings.builder().maxStaleness(1).build()),
                PolicyRun.config(3).build());
        assertThat(run.column("reward_greedy")).doesNotContainNull();
        assertThat(most).hasValue(1);
    }

    private static Scorer scorer(String name, Function<List<Answer>, List<Score>> scores) {
        return new Scorer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                return scores.apply(answers);
            }
        };
    }

    /** All answers are equally good and no KL is asked for: nothing moves, but with PPO, whose critic knows no better yet. */
    @ParameterizedTest
    @EnumSource(
            value = PolicyAlgorithm.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PPO", "OPD"})
    void optimize_noAdvantage_noGradient(PolicyAlgorithm algorithm) {
        Scorer same = new RuleScorer("same", answer -> 3);
        run.inMemory(
                same,
                PolicyRun.options(algorithm)
                        .kl(KlSettings.builder().beta(0.0).build())
                        .numIterations(1)
                        .build(),
                PolicyRun.config(2).build());
        assertThat(run.steps).allSatisfy(step -> assertThat(step.gradNorm()).isZero());
        assertThat(run.column("frac_reward_zero_std")).containsOnly(1.0);
        assertThat(run.column("beta")).as("no reference is kept").containsOnlyNulls();
    }

    @Test
    void optimize_everyMetric_isOnTheMetricsPage() {
        run.run(
                PolicyRun.BREVITY,
                new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO)
                        .kl(KlSettings.builder()
                                .klPlacement(KlPlacement.LOSS)
                                .klTarget(2.0)
                                .klHorizon(100)
                                .build())
                        .build()),
                PolicyRun.config(3).build(),
                Precision.BFLOAT16,
                RunStore.none());
        MetricsPage.requireDocumented(run.steps.get(2).row().keySet().stream()
                .map(name -> name.replace("rule:brevity", "NAME"))
                .toList());
        assertThat(run.column("kl").get(0)).as("computed by the same kernels").isZero();
        assertThat(run.column("sampling/sampling_logp_difference/mean").get(0)).isBetween(1e-5, 0.1);
        assertThat(run.column("beta")).doesNotHaveDuplicates();
    }

    /** Every fifth answer has no score; the samples say why, and the others are learnt from. */
    @Test
    void optimize_someAnswersUnscored_goesOnWithoutThem() {
        Scorer patchy = new RuleScorer("patchy", answer -> {
            String text = answer.text().asString();
            if (text.length() % 5 == 0) {
                throw new IllegalStateException("cannot read this");
            }
            return -text.length();
        });
        PolicySummary summary = run.inMemory(
                patchy,
                PolicyRun.options(PolicyAlgorithm.RLOO).build(),
                PolicyRun.config(4).build());
        long unscored =
                run.samples.stream().filter(row -> row.get("score") == null).count();
        assertThat(summary.counts().samples()).isEqualTo(128).isEqualTo(run.samples.size());
        assertThat(summary.counts().unscored()).isEqualTo(unscored).isBetween(5L, 60L);
        assertThat(summary.row()).containsEntry("samples_unscored", unscored);
        assertThat(run.mean("completions/unscored_ratio", 0, 4)).isCloseTo(unscored / 128.0, within(1e-12));
        assertThat(run.samples).allSatisfy(row -> {
            boolean unknown = row.get("score") == null;
            assertThat(unknown).isEqualTo(row.get("problem") != null);
            assertThat(unknown && row.get("advantage") != null).isFalse();
        });
        assertThat(run.samples.stream().filter(row -> row.get("problem") != null))
                .allSatisfy(row -> assertThat((String) row.get("problem")).contains("cannot read this"));
    }

    /** Nothing is ever scored: the run ends and says what went wrong first. */
    @Test
    void optimize_nothingScored_endsWithTheFirstCause() {
        Scorer dead = scorer("dead", answers -> Collections.nCopies(answers.size(), Score.unscored("license expired")));
        assertThatThrownBy(() -> run.inMemory(
                        dead,
                        PolicyRun.options(PolicyAlgorithm.RLOO).build(),
                        PolicyRun.config(4).build()))
                .isInstanceOf(ScorerException.class)
                .hasMessageContaining("license expired");
        assertThat(run.steps).isEmpty();
    }

    @Test
    void optimize_steps_leaveNoTensorBehind() {
        run.inMemory(
                PolicyRun.BREVITY,
                PolicyRun.options(PolicyAlgorithm.RLOO).maxCompletionLength(6).build(),
                PolicyRun.config(40).batchSize(8).build());
        assertThat(run.liveTensors).hasSize(40).containsOnly(run.liveTensors.get(0));
        assertThat(run.liveTensors.get(0)).isPositive();
    }

    @Test
    void optimize_oneOrFourScorers_isTheSame() {
        PolicyOptions options =
                new PolicyOptions(PolicyRun.options(PolicyAlgorithm.RLOO).build());
        run.inMemory(
                PolicyRun.BREVITY,
                options.with(RolloutSettings.builder().scorerInstances(4).build()),
                PolicyRun.config(3).build());
        PolicyRun one = new PolicyRun();
        one.inMemory(
                PolicyRun.BREVITY,
                options.with(RolloutSettings.builder().scorerInstances(1).build()),
                PolicyRun.config(3).build());
        assertThat(one.steps).isEqualTo(run.steps);
        assertThat(one.samples).usingRecursiveComparison().isEqualTo(run.samples);
    }

    /** Answers may lie one publication behind: from the second step on the ratios are no longer 1, but still corrected. */
    @Test
    void optimize_staleAnswers_learnToo() {
        run.inMemory(
                PolicyRun.BREVITY,
                new PolicyOptions(PolicyRun.options(PolicyAlgorithm.GRPO)
                                .numGenerations(8)
                                .build())
                        .with(RolloutSettings.builder().maxStaleness(1).build()),
                PolicyRun.config(20).build());
        List<Long> behind = run.samples.stream()
                .map(row -> (Integer) row.get("step") - 1 - (Long) row.get("policy_version"))
                .distinct()
                .toList();
        assertThat(behind).containsExactly(0L, 1L);
        assertThat(run.column("clip_ratio/region_mean").get(0)).isZero();
        assertThat(run.column("clip_ratio/region_mean").subList(1, 20)).anyMatch(share -> share > 0);
        assertThat(run.mean("reward", 15, 20)).isGreaterThan(run.mean("reward", 0, 5) + 5);
    }

    @Test
    void optimize_impossibleSizes_areRefused() {
        TrainConfig config = PolicyRun.config(3).build();
        assertThatThrownBy(() -> run.inMemory(
                        PolicyRun.BREVITY,
                        PolicyRun.options(PolicyAlgorithm.RLOO)
                                .numGenerations(5)
                                .build(),
                        config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("batch_size: expected batch_size x gradient_accumulation_steps to be a multiple of"
                        + " num_generations (5), found 32");
        assertThatThrownBy(() -> run.inMemory(
                        PolicyRun.BREVITY,
                        PolicyRun.options(PolicyAlgorithm.RLOO)
                                .maxCompletionLength(512)
                                .build(),
                        config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max_completion_length is 512, legal: less than 512");
        assertThatThrownBy(() -> run.inMemory(
                        PolicyRun.BREVITY,
                        PolicyRun.options(PolicyAlgorithm.RLOO)
                                .maxCompletionLength(500)
                                .build(),
                        config))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no prompts to answer: all 24 are longer than 12 tokens");
    }
}
