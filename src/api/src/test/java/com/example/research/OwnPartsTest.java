package com.example.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.PairLogprobs;
import ai.preceptor.PolicyContext;
import ai.preceptor.PolicyOptions;
import ai.preceptor.Preceptor;
import ai.preceptor.RankOptions;
import ai.preceptor.RewardMeasure;
import ai.preceptor.RewardModel;
import ai.preceptor.RewardSummary;
import ai.preceptor.Student;
import ai.preceptor.StudentSummary;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicyParts;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.correction.CorrectionSettings;
import ai.preceptor.policy.correction.ImportanceSampling;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.loss.PolicyLoss;
import ai.preceptor.policy.loss.PolicyTerm;
import ai.preceptor.policy.loss.SampledTokens;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.reward.RankedRewardObjective;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainConfigBuilder;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a researcher passes is what is used: the numbers are those of their own formulas. */
class OwnPartsTest {
    @TempDir
    Path folder;

    private final List<StepMetrics> steps = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    private boolean recomputes;

    private static TrainConfigBuilder config(int steps) {
        return TrainConfig.builder()
                .batchSize(4)
                .learningRate(1e-3)
                .maxSteps(steps)
                .shuffle(false);
    }

    private LoopSetting loop(RunStore store) {
        return LoopSetting.of(store, new Interrupt(), new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step);
            }
        });
    }

    private void optimize(PolicyParts parts, TrainConfig config, RunStore store) {
        PolicyOptions options = new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.RLOO)
                        .maxCompletionLength(12)
                        .numGenerations(2)
                        .correction(CorrectionSettings.builder()
                                .recomputeOldLogps(recomputes ? true : null)
                                .build())
                        .build())
                .with(parts);
        List<Prompt> prompts =
                Datasets.prompts(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL).rows();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            student.optimize(
                    prompts,
                    new Vowels(),
                    options,
                    config,
                    new PolicyContext(loop(store), samples::add, new SimpleMeterRegistry(), null, null));
        }
    }

    private static double number(Map<String, @Nullable Object> row, String key) {
        Object value = row.get(key);
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Test
    void optimize_ownScorerAndAdvantages_giveTheirNumbers() {
        optimize(
                PolicyParts.NONE.with(new BestOfBatch(0.5)).with(new Doubling(0)),
                config(1).build(),
                RunStore.none());
        assertThat(samples).hasSize(4);
        double best =
                samples.stream().mapToDouble(row -> number(row, "score")).max().orElseThrow();
        for (Map<String, @Nullable Object> row : samples) {
            double score = Vowels.of(String.valueOf(row.get("completion")));
            assertThat(number(row, "score")).isEqualTo(score);
            assertThat(number(row, "advantage")).isCloseTo(0.5 * (score - best), within(1e-12));
        }
        assertThat(samples.stream().map(row -> row.get("score")).distinct())
                .as("scores that differ")
                .hasSizeGreaterThan(1);
    }

    /** With every advantage 1 the loss is minus the mean log-probability of the sampled tokens: their entropy's estimate. */
    @Test
    void optimize_ownLossAndController_giveTheirNumbers() {
        Map<Integer, Double> expected = new HashMap<>();
        PolicyLoss loss = new PolicyLoss() {
            @Override
            public String name() {
                return "log_likelihood";
            }

            @Override
            public PolicyTerm evaluate(SampledTokens answer, Totals step) {
                for (float logp : answer.logps()) {
                    expected.merge(steps.size(), -logp / (double) step.tokens(), Double::sum);
                }
                return new LogLikelihood().evaluate(answer, step);
            }
        };
        PolicyParts parts = PolicyParts.NONE.with(new Ones()).with(loss).with(new Doubling(0.01));
        optimize(parts, config(3).build(), RunStore.none());
        assertThat(steps).hasSize(3);
        for (int step = 0; step < 3; step++) {
            assertThat(steps.get(step).loss()).isCloseTo(expected.get(step), within(1e-9));
            assertThat(steps.get(step).metrics().get("entropy")).isBetween(1.0, Math.log(512));
        }
        assertThat(steps.stream().map(step -> step.metrics().get("beta"))).containsExactly(0.01, 0.02, 0.04);
    }

    @Test
    void optimize_resumedWithOtherAdvantages_isRefused() {
        optimizeIn(new BestOfBatch(0.5), 1);
        assertThatThrownBy(() -> optimizeIn(new BestOfBatch(0.25), 2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("part.advantages: was best_of_batch_0.5, is best_of_batch_0.25");
        optimizeIn(new BestOfBatch(0.5), 2);
        assertThat(steps.get(steps.size() - 1).step()).isEqualTo(2);
    }

    /** Halves every term of the policy where the old log-probabilities are recomputed. */
    private record Halves() implements ImportanceSampling {
        @Override
        public String name() {
            return "halves";
        }

        @Override
        public double[] weights(double[] logratios) {
            double[] weights = new double[logratios.length];
            Arrays.fill(weights, 0.5);
            return weights;
        }
    }

    /** Doubles with every batch. */
    private record Growing(double coefficient) implements EntropyController {
        @Override
        public String name() {
            return "growing";
        }

        @Override
        public double coefficient(double entropy) {
            return coefficient;
        }

        @Override
        public EntropyController after(double entropy) {
            return at(2 * coefficient);
        }

        @Override
        public EntropyController at(double other) {
            return new Growing(other);
        }
    }

    @Test
    void optimize_ownImportanceAndEntropy_giveTheirNumbers() {
        recomputes = true;
        optimize(PolicyParts.NONE, config(1).build(), RunStore.none());
        double whole = steps.get(0).gradNorm();
        steps.clear();
        optimize(PolicyParts.NONE.with(new Halves()), config(1).build(), RunStore.none());
        assertThat(steps.get(0).metrics().get("sampling/importance_sampling_ratio/mean"))
                .isEqualTo(0.5);
        assertThat(steps.get(0).gradNorm()).isCloseTo(whole / 2, within(1e-3 * whole));
        steps.clear();
        optimize(PolicyParts.NONE.with(new Growing(0.25)), config(3).build(), RunStore.none());
        assertThat(steps.stream().map(step -> step.metrics().get("entropy_coef")))
                .containsExactly(0.25, 0.5, 1.0);
    }

    private void optimizeIn(BestOfBatch advantages, int last) {
        TrainConfig config = config(last).saveSteps(1).resume(true).build();
        try (RunDirectory run = RunDirectory.open(folder.resolve("policy"), config.runSpec("", Map.of()))) {
            optimize(PolicyParts.NONE.with(advantages), config, run);
        }
    }

    private static List<Preference> pairs() {
        return Datasets.preferences(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL)
                .rows()
                .subList(0, 4);
    }

    @Test
    void rank_ownPairLoss_givesItsNumber() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            double expected = student.logprobs(pairs(), 4).stream()
                    .mapToDouble(OwnPartsTest::margin)
                    .average()
                    .orElseThrow();
            StudentSummary summary = student.rank(
                    pairs(),
                    new LinearMargin("mine", false),
                    RankOptions.STANDARD,
                    config(1).build());
            assertThat(summary.training().trainLoss()).isCloseTo(-expected, within(1e-4));
            assertThat(student.logprobs(pairs(), 4).stream()
                            .mapToDouble(OwnPartsTest::margin)
                            .average()
                            .orElseThrow())
                    .as("the margin after a step that asks for more of it")
                    .isGreaterThan(expected);
        }
    }

    private static double margin(PairLogprobs pair) {
        return pair.chosen() - pair.rejected();
    }

    /** Against itself a student's log-ratios are 0 before the first step; after it they are what the step moved. */
    @Test
    void rank_ownPairLossWithReference_comparesWithTheStudentAsItWas() {
        for (RankOptions options : List.of(RankOptions.STANDARD, RankOptions.STANDARD.precomputed())) {
            steps.clear();
            try (Preceptor preceptor = Preceptor.open("cpu", 1);
                    Student student = preceptor.student(Golden.dir("tiny-chat"))) {
                double before = mean(student);
                student.rank(
                        pairs(),
                        List.of(),
                        PairObjective.ofPreferences(new LinearMargin("mine", true)),
                        options,
                        config(1).build(),
                        loop(RunStore.none()));
                double after = mean(student);
                Map<String, Double> measured = student.rank(
                                pairs(),
                                pairs(),
                                PairObjective.ofPreferences(new LinearMargin("mine", true)),
                                options,
                                config(1).build(),
                                loop(RunStore.none()))
                        .measured();
                assertThat(steps.get(0).loss()).isCloseTo(0, within(1e-4));
                assertThat(steps.get(1).loss())
                        .as("the reference is the student of now")
                        .isCloseTo(0, within(1e-4));
                assertThat(after).isGreaterThan(before);
                assertThat(measured.get("eval_loss")).isCloseTo(after - mean(student), within(1e-3));
            }
        }
    }

    private static double mean(Student student) {
        return student.logprobs(pairs(), 4).stream()
                .mapToDouble(OwnPartsTest::margin)
                .average()
                .orElseThrow();
    }

    @Test
    void rank_ownGroupLoss_isUsed() {
        List<RankedGroup> groups = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                .rows()
                .subList(0, 4);
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            double expected = 0;
            for (RankedGroup group : groups) {
                for (int i = 0; i < group.size(); i++) {
                    Preference twice = new Preference(
                            group.prompt(),
                            group.responses().get(i),
                            group.responses().get(i));
                    expected -= group.scores().get(i)
                            * student.logprobs(List.of(twice), 1).get(0).chosen()
                            / groups.size();
                }
            }
            StudentSummary summary = student.rank(
                    groups, new MeanScore(), RankOptions.STANDARD, config(1).build());
            assertThat(summary.training().trainLoss())
                    .isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
        }
    }

    @Test
    void rank_ownUnpairedLoss_givesItsNumber() {
        List<LabeledCompletion> answers =
                pairs().stream().flatMap(pair -> LabeledRow.of(pair).stream()).toList();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            double margins = student.logprobs(pairs(), 4).stream()
                    .mapToDouble(OwnPartsTest::margin)
                    .sum();
            StudentSummary summary = student.rank(
                    answers,
                    new LabelLikelihood(),
                    RankOptions.STANDARD,
                    config(1).batchSize(answers.size()).build());
            assertThat(summary.training().trainLoss()).isCloseTo(-margins / answers.size(), within(1e-4));
        }
    }

    /** A head of zeros gives 0 for every answer, so the first step's loss is the scores' own squares. */
    @Test
    void rewardModel_ownLoss_givesItsNumber_andIsMeasured() {
        List<RankedGroup> groups = Datasets.rankedGroups(Golden.file("ranked.jsonl"), 0, OnBadRow.FAIL)
                .rows()
                .subList(0, 4);
        double expected = groups.stream()
                .mapToDouble(group -> group.scores().stream()
                        .mapToDouble(score -> score * score)
                        .sum())
                .average()
                .orElseThrow();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model = preceptor.rewardModel(Golden.dir("tiny-chat"))) {
            RewardSummary summary = model.train(
                    groups,
                    groups,
                    new RankedRewardObjective(new SquaredError()),
                    RankedGroup::pairs,
                    new RewardMeasure(null),
                    config(1).build(),
                    loop(RunStore.none()));
            assertThat(steps.get(0).loss()).isCloseTo(expected, within(1e-5 * expected));
            assertThat(summary.measured()).isNotNull();
            assertThat(model.statistics()).isPresent();
        }
    }

    @Test
    void rank_resumedWithAnotherLoss_isRefused() {
        rankIn("mine", 1);
        assertThatThrownBy(() -> rankIn("other", 2))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("part.loss: was mine, is other");
        rankIn("mine", 2);
        assertThat(steps.get(steps.size() - 1).step()).isEqualTo(2);
    }

    private void rankIn(String name, int last) {
        TrainConfig config = config(last).saveSteps(1).resume(true).build();
        try (RunDirectory run = RunDirectory.open(folder.resolve("rank"), config.runSpec("", Map.of()));
                Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            student.rank(
                    pairs(),
                    List.of(),
                    PairObjective.ofPreferences(new LinearMargin(name, false)),
                    RankOptions.STANDARD,
                    config,
                    loop(run));
        }
    }
}
