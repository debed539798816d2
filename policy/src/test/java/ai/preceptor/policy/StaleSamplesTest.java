package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.TokenScores;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.policy.correction.ClippedImportance;
import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.correction.ImportanceSamplingMode;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.CreditAssignment;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.entropy.HighEntropyTokens;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.kl.KlEstimators;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.kl.KlPlacement;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.reward.RewardShaping;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.Totals;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A policy over two answers of one token that gives them 0.8 and 0.2, sampled two versions ago, when it gave them 0.5 each.
 * Their scores are 1 and -1, so the mean reward under the policy is 0.6 and its gradient by the log-probabilities of the two
 * is 0.8 and -0.2 (without a baseline).
 */
class StaleSamplesTest {
    private static final float[] POLICY = {(float) Math.log(0.8), (float) Math.log(0.2)};
    private static final float HALF = (float) Math.log(0.5);

    /** Five answers of each kind, as often as the sampler gave them. */
    private static List<Trajectory> sampled() {
        List<Trajectory> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int kind = i % 2;
            Completion completion = new Completion("text", new int[] {kind}, new float[] {HALF}, FinishReason.STOP);
            all.add(new Trajectory(Prompt.plain("p"), new int[] {5}, completion, 0, 0, Score.of(kind == 0 ? 1 : -1)));
        }
        return all;
    }

    private record Once(List<Trajectory> batch) implements PolicySampler {
        @Override
        public List<Trajectory> next(int prompts) {
            return batch;
        }

        @Override
        public void publish(long version) {}

        @Override
        public long cursor() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static TokenScores policy(PackedBatch batch) {
        float[] logprobs = new float[batch.targets().length];
        for (int i = 0; i < logprobs.length; i++) {
            logprobs[i] = POLICY[batch.targets()[i]];
        }
        return new TokenScores(logprobs, new float[logprobs.length]);
    }

    /** Minus the score as the advantage of each answer. */
    private record ScoreItself() implements Advantages {
        @Override
        public double[] of(double[] rewards, int[] groups) {
            return rewards.clone();
        }

        @Override
        public String name() {
            return "score";
        }
    }

    private static List<Experience> experiences(@Nullable ImportanceSampling importance) {
        CreditConfig recipe = new CreditConfig(
                new CreditAssignment.WholeAnswer(new ScoreItself()),
                KlPlacement.REWARD,
                KlEstimators.K1,
                new KlController.Fixed(0),
                importance == null ? ImportanceSampling.none() : importance,
                new EntropyController.Fixed(0),
                RewardShaping.NONE,
                new HighEntropyTokens(1),
                "judge");
        LearnerPorts ports = new LearnerPorts(
                (cursor, version) -> new Once(sampled()),
                null,
                importance == null ? null : StaleSamplesTest::policy,
                row -> {},
                () -> 0);
        PolicyPlan plan = new PolicyPlan(1, 0, 1, 10, 10, 1, 1);
        try (PolicyLearner learner = new PolicyLearner(plan, recipe, ports)) {
            return learner.at(0).microBatches().get(0).rows();
        }
    }

    /** Minus the loss's gradient by the log-probability of either answer, summed over the batch. */
    private static double[] gradient(List<Experience> rows) {
        PolicyObjective objective = new PolicyObjective(
                "grpo",
                PolicyLossType.GRPO.loss(
                        ClipSettings.builder().epsilon(0.99).epsilonHigh(9.0).build(), KlPenalty.none(), 8));
        float[] logprobs = new float[rows.size()];
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < logprobs.length; i++) {
            logprobs[i] = POLICY[rows.get(i).trajectory().completion().tokenIds()[0]];
            spans.add(new Span(i, i + 1));
        }
        float[] found = objective
                .evaluate(new LossInputs<>(rows, spans, logprobs, null, new Totals(rows.size(), rows.size())))
                .gradient();
        double[] sums = new double[2];
        for (int i = 0; i < found.length; i++) {
            sums[i % 2] -= found[i];
        }
        return sums;
    }

    /** The old policy is today's, the weights make up for the sampler: 0.5 x 1.6 and 0.5 x -0.4. */
    @Test
    void corrected_isTheGradientOfThePolicy() {
        ImportanceSampling importance = new ClippedImportance(ImportanceSamplingMode.SEQUENCE_MASK, null, 3);
        List<Experience> rows = experiences(importance);
        assertThat(rows.get(0).oldLogps()).containsExactly(POLICY[0]);
        assertThat(rows.get(0).trajectory().completion().samplerLogprobs()).containsExactly(HALF);
        assertThat(gradient(rows)).containsExactly(new double[] {0.8, -0.2}, within(1e-6));
    }

    /** Recomputed and not corrected, the ratio is 1: as if the policy had given each answer half of the time. */
    @Test
    void uncorrected_isTheGradientOfWhatSampled() {
        assertThat(gradient(experiences(ImportanceSampling.none())))
                .containsExactly(new double[] {0.5, -0.5}, within(1e-6));
    }

    /** Not recomputed, the ratio of the loss is pi / mu by itself. */
    @Test
    void notRecomputed_theRatioCorrects() {
        assertThat(gradient(experiences(null))).containsExactly(new double[] {0.8, -0.2}, within(1e-6));
    }

    /** The weight 1.6 of the first kind is cut to 1.5; that of the second stays 0.4. */
    @Test
    void truncated_isCutByAsMuch() {
        ImportanceSampling importance = new ClippedImportance(ImportanceSamplingMode.TOKEN_TRUNCATE, null, 1.5);
        assertThat(gradient(experiences(importance))).containsExactly(new double[] {0.75, -0.2}, within(1e-6));
        ImportanceSampling masked = new ClippedImportance(ImportanceSamplingMode.TOKEN_MASK, null, 1.5);
        assertThat(gradient(experiences(masked))).containsExactly(new double[] {0, -0.2}, within(1e-6));
    }

    /** k1 in the reward is that of today's policy. */
    @Test
    void divergence_isTheOldPolicys() {
        Experience one = experiences(new ClippedImportance(ImportanceSamplingMode.SEQUENCE_MASK, null, 3))
                .get(0);
        Experience compared = new Experience(
                one.trajectory(), one.oldLogps(), new float[] {HALF}, one.advantages(), one.weights(), true, null);
        assertThat(compared.divergence()).isCloseTo(Math.log(1.6), within(1e-6));
        assertThat(Arrays.stream(one.weights()).sum()).isCloseTo(1.6, within(1e-6));
    }
}
