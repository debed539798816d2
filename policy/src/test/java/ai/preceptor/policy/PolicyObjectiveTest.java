package ai.preceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.policy.kl.KlPenalty;
import ai.preceptor.policy.loss.Aggregations;
import ai.preceptor.policy.loss.ClipSettings;
import ai.preceptor.policy.loss.ClippedPolicyLoss;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.policy.loss.RatioLevels;
import ai.preceptor.train.CharEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PolicyObjectiveTest {

    private static Experience experience(float[] oldLogps, float[] reference, double advantage) {
        int[] ids = new int[oldLogps.length];
        Completion completion = new Completion("text", ids, oldLogps, FinishReason.STOP);
        Trajectory trajectory = new Trajectory(Prompt.plain("p"), new int[] {5, 6}, completion, 0, 0, Score.of(1));
        double[] advantages = new double[oldLogps.length];
        Arrays.fill(advantages, advantage);
        return new Experience(trajectory, oldLogps, reference, advantages);
    }

    /** Log-probabilities like the contract's own, so that ratios fall inside and outside of the bounds. */
    private static Experience random(Random random, boolean reference) {
        float[] old = logps(random);
        float[] other = new float[old.length];
        for (int t = 0; t < old.length; t++) {
            other[t] = (float) (old[t] + 0.3 * random.nextGaussian());
        }
        return experience(old, reference ? other : null, random.nextGaussian());
    }

    private static float[] logps(Random random) {
        float[] logps = new float[1 + random.nextInt(6)];
        for (int t = 0; t < logps.length; t++) {
            logps[t] = -random.nextInt(4096) / 1024f;
        }
        return logps;
    }

    @Nested
    class Grpo extends ObjectiveContract<Experience> {
        @Override
        protected Objective<Experience> objective() {
            return new PolicyObjective(
                    "grpo",
                    PolicyLossType.GRPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.k3(0.05), 8));
        }

        @Override
        protected Experience row(Random random) {
            return PolicyObjectiveTest.random(random, true);
        }
    }

    @Nested
    class Gspo extends ObjectiveContract<Experience> {
        @Override
        protected Objective<Experience> objective() {
            PolicyLoss loss = new ClippedPolicyLoss(
                    RatioLevels.SEQUENCE_MEAN,
                    Aggregations.SEQUENCE_MEAN,
                    ClipSettings.builder().epsilon(0.2).build().ratioClip(),
                    KlPenalty.k3(0.5),
                    8);
            return new PolicyObjective("gspo", loss);
        }

        @Override
        protected Experience row(Random random) {
            return PolicyObjectiveTest.random(random, true);
        }
    }

    @Nested
    class Dapo extends ObjectiveContract<Experience> {
        @Override
        protected Objective<Experience> objective() {
            return new PolicyObjective(
                    "dapo",
                    PolicyLossType.DAPO.loss(
                            ClipSettings.builder()
                                    .epsilon(0.2)
                                    .epsilonHigh(0.28)
                                    .delta(4.0)
                                    .build(),
                            KlPenalty.none(),
                            8));
        }

        @Override
        protected Experience row(Random random) {
            return PolicyObjectiveTest.random(random, false);
        }
    }

    @Nested
    class Rloo extends ObjectiveContract<Experience> {
        @Override
        protected Objective<Experience> objective() {
            return new PolicyObjective(
                    "rloo",
                    PolicyLossType.RLOO.loss(ClipSettings.builder().epsilon(0.9).build(), KlPenalty.none(), 8));
        }

        @Override
        protected Experience row(Random random) {
            return PolicyObjectiveTest.random(random, true);
        }
    }

    @Test
    void pack_groupOfSamples_sharesThePromptAndKeepsTheSampledIds() {
        PackedBatch.Builder builder = PackedBatch.builder();
        PolicyObjective objective = new PolicyObjective(
                "rloo",
                PolicyLossType.RLOO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8));
        objective.pack(experience(new float[2], null, 1), new CharEncoder(), builder);
        objective.pack(experience(new float[3], null, 1), new CharEncoder(), builder);
        PackedBatch batch = builder.build();
        assertThat(batch.tokens()).containsExactly(5, 6, 0, 0, 0);
        assertThat(batch.spans()).containsExactly(new Span(0, 2), new Span(2, 5));
    }

    /** Answer 1: ratios e^0.5 twice at A = 1, both cut above. Answer 2: ratios 1 and e^-0.5 at A = -1, one cut below. */
    @Test
    void evaluate_clippedTokens_areReportedByTrlsNames() {
        PolicyObjective objective = new PolicyObjective(
                "grpo",
                PolicyLossType.GRPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8));
        Experience up = experience(new float[] {-1, -1}, new float[] {-1, -1}, 1);
        Experience down = experience(new float[] {-1, -1}, new float[] {-1, -1}, -1);
        LossReport report = objective.evaluate(new LossInputs<>(
                List.of(up, down),
                List.of(new Span(0, 2), new Span(2, 4)),
                new float[] {-0.5f, -0.5f, -1, -1.5f},
                null,
                new Totals(2, 4)));
        assertMetric(report, "clip_ratio/high_mean", 0.5);
        assertMetric(report, "clip_ratio/high_max", 1);
        assertMetric(report, "clip_ratio/low_mean", 0.25);
        assertMetric(report, "clip_ratio/low_min", 0);
        assertMetric(report, "clip_ratio/region_mean", 0.75);
        assertMetric(report, "kl", (0.5 + 0.5 + 0 - 0.5) / 4); // k1, since it is not in the loss
        assertThat(report.metrics()).hasSize(6);
    }

    /** At the sequence level answers count, not tokens: one of two is cut. */
    @Test
    void evaluate_clippedSequences_countAnswers() {
        PolicyObjective objective = new PolicyObjective(
                "rloo",
                PolicyLossType.RLOO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.none(), 8));
        LossReport report = objective.evaluate(new LossInputs<>(
                List.of(experience(new float[] {-1, -1, -1}, null, 1), experience(new float[] {-1}, null, 1)),
                List.of(new Span(0, 3), new Span(3, 4)),
                new float[] {-0.9f, -0.9f, -0.9f, -1},
                null,
                new Totals(2, 4)));
        assertMetric(report, "clip_ratio/high_mean", 0.5);
        assertThat(report.metrics()).doesNotContainKey("kl");
    }

    @Test
    void withBeta_changesTheKlTermOnly() {
        PolicyObjective objective = new PolicyObjective(
                "grpo",
                PolicyLossType.GRPO.loss(ClipSettings.builder().epsilon(0.2).build(), KlPenalty.k3(0), 8));
        LossInputs<Experience> in = new LossInputs<>(
                List.of(experience(new float[] {-1}, new float[] {-2}, 0)),
                List.of(new Span(0, 1)),
                new float[] {-1},
                null,
                new Totals(1, 1));
        assertThat(objective.evaluate(in).loss()).isZero();
        assertThat(objective.with(0.5, 0).evaluate(in).loss()).isCloseTo(0.5 * Math.exp(-1), within(1e-12));
    }

    private static void assertMetric(LossReport report, String name, double value) {
        assertThat(report.metrics()).containsKey(name);
        assertThat(report.metrics().get(name).value()).as(name).isCloseTo(value, within(1e-6));
    }
}
