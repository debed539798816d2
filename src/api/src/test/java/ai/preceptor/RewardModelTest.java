package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.BradleyTerryObjective;
import ai.preceptor.reward.EnsembleReward;
import ai.preceptor.reward.PlackettLuceRewardLoss;
import ai.preceptor.reward.RankedRewardObjective;
import ai.preceptor.reward.RewardStatistics;
import ai.preceptor.reward.process.StepAggregation;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.evaluation.EvaluatedRewards;
import ai.preceptor.train.evaluation.Evaluator;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reward models from Java. */
class RewardModelTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final List<Preference> PAIRS =
            Datasets.preferences(Golden.file("pairs.jsonl"), 4, OnBadRow.FAIL).rows();

    @TempDir
    Path directory;

    private static List<Answer> answers() {
        return PAIRS.stream()
                .map(pair -> new Answer(pair.prompt(), pair.chosen()))
                .toList();
    }

    /** An adapter of three heads in bfloat16 learns an order of answers, and forgets what was measured before. */
    @Test
    void train_rankedGroupsByLora_learnsTheirOrder() {
        List<RankedGroup> groups = PAIRS.stream()
                .map(pair -> new RankedGroup(pair.prompt(), List.of(pair.rejected(), pair.chosen()), List.of(0.0, 1.0)))
                .toList();
        LoadOptions options = new LoadOptions(Precision.BFLOAT16, true).withLora(LoraConfig.of(4, 8), 1);
        TrainConfig config = TrainConfig.builder()
                .batchSize(4)
                .maxSteps(30)
                .learningRate(5e-3)
                .build();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model = preceptor.rewardModel(STUDENT, options, new NewHeads(3, HeadInit.NORMAL, 1))) {
            model.keep(new RewardStatistics(0, 1, 2));
            model.train(
                    groups,
                    new RankedRewardObjective(new PlackettLuceRewardLoss(0.01)),
                    config,
                    LoopSetting.inMemory());
            assertThat(model.statistics()).isEmpty();
            assertThat(model.rewards(PAIRS, 4)).allMatch(pair -> pair.chosen() > pair.rejected());
        }
    }

    /** The report takes the rewards of the last evaluation, so no further pass is made. */
    @Test
    void train_heldOutPairs_areEvaluatedOnceAfterTraining() {
        TrainConfig config = TrainConfig.builder()
                .batchSize(4)
                .maxSteps(3)
                .learningRate(1e-3)
                .build();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model =
                        preceptor.rewardModel(STUDENT, LoadOptions.TRAINED, new NewHeads(2, HeadInit.NORMAL, 1))) {
            RewardSummary summary = model.train(
                    PAIRS,
                    PAIRS,
                    new BradleyTerryObjective(new BradleyTerryLoss()),
                    List::of,
                    new RewardMeasure(null),
                    config,
                    LoopSetting.inMemory());
            assertThat(summary.training().heldOut()).isNotNull();
            assertThat(model.steps()).hasValue(0);
            RewardStatistics kept = model.statistics().orElseThrow();
            double mean = model.rewards(PAIRS, 4).stream()
                    .mapToDouble(pair -> (pair.chosen() + pair.rejected()) / 2)
                    .average()
                    .orElseThrow();
            assertThat(kept.mean()).isCloseTo(mean, within(1e-6));
            assertThat(model.score(answers())).hasSize(PAIRS.size());
            assertThat(model.steps()).as("nothing is remembered after training").hasValue(1);
        }
    }

    /** Three answers to one prompt are in three pairs, of which two have the best answer. */
    @Test
    void train_statisticsAreOfAnswers_inHoweverManyPairsTheyAre() {
        Preference pair = PAIRS.get(0);
        RankedGroup group = new RankedGroup(
                pair.prompt(),
                List.of(pair.chosen(), pair.rejected(), PAIRS.get(1).rejected()),
                List.of(2.0, 1.0, 1.0));
        RewardStatistics kept = trained(List.of(group), List.of(group), 1024);
        assertThat(kept.answers()).isEqualTo(3);
    }

    /** The model's context is 512; what was learnt beyond that is measured too, held out or not. */
    @Test
    void train_onRowsBeyondTheContext_isMeasuredOnThem() {
        Prompt prompt = Prompt.chat(Message.user("Which?"));
        List<RankedGroup> rows = List.of(new RankedGroup(
                prompt, List.of(prompt.reply("7".repeat(560)), prompt.reply("8".repeat(560))), List.of(1.0, 0.0)));
        assertThat(trained(rows, List.of(), 1000).answers()).isEqualTo(2);
        assertThat(trained(rows, rows, 1000).answers()).isEqualTo(2);
    }

    private static RewardStatistics trained(List<RankedGroup> rows, List<RankedGroup> heldOut, int maxLength) {
        TrainConfig config = TrainConfig.builder()
                .batchSize(1)
                .maxSteps(1)
                .maxLength(maxLength)
                .build();
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model = preceptor.rewardModel(STUDENT)) {
            model.train(
                    rows,
                    heldOut,
                    new RankedRewardObjective(new PlackettLuceRewardLoss(0.01)),
                    RankedGroup::pairs,
                    new RewardMeasure(null),
                    config,
                    LoopSetting.inMemory());
            assertThat(model.score(List.of(new Answer(
                            rows.get(0).prompt(), rows.get(0).prompt().reply("9".repeat(560))))))
                    .as("as long as the context after training")
                    .noneMatch(Score::isScored);
            return model.statistics().orElseThrow();
        }
    }

    /** Weights of an earlier evaluation, taken back at the end, have other rewards than the last evaluation. */
    @Test
    void evaluatedRewards_ofOtherWeights_areNotUsed() {
        byte[] weights = {1};
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model = preceptor.rewardModel(STUDENT)) {
            EvaluatedRewards evaluated = new EvaluatedRewards(model.model(), weights::clone);
            PackedBatch.Builder batch = PackedBatch.builder();
            batch.prompt(new int[] {5, 6});
            batch.answer(new int[] {7}).answer(new int[] {8, 9});
            Evaluator rows =
                    () -> Optional.of(Map.of("eval_loss", (double) evaluated.rewards(batch.build())[0]));
            evaluated.of(rows).measure();
            assertThat(evaluated.current())
                    .containsOnlyKeys(IntBuffer.wrap(new int[] {5, 6, 7}), IntBuffer.wrap(new int[] {5, 6, 8, 9}));
            weights[0] = 2;
            assertThat(evaluated.current()).isEmpty();
        }
    }

    /** Members are the heads of all models, each brought to its own scale; the score lies below their mean. */
    @Test
    void ensemble_ofModels_readsAllTheirHeads() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel two =
                        preceptor.rewardModel(STUDENT, LoadOptions.FROZEN, new NewHeads(2, HeadInit.NORMAL, 1));
                RewardModel one =
                        preceptor.rewardModel(STUDENT, LoadOptions.FROZEN, new NewHeads(1, HeadInit.NORMAL, 2))) {
            two.keep(new RewardStatistics(1, 2, 9));
            one.keep(new RewardStatistics(-3, 0.5, 9));
            RewardEnsemble ensemble = new RewardEnsemble(List.of(two, one), new RewardReading(true, 1.5));
            double[] heads = two.read(answers()).get(0).heads();
            double alone = one.score(answers()).get(0).value();
            EnsembleReward expected =
                    EnsembleReward.of(new double[] {(heads[0] - 1) / 2, (heads[1] - 1) / 2, (alone + 3) / 0.5});
            assertThat(ensemble.estimates(answers()).get(0)).isEqualTo(expected);
            Score score = ensemble.score(answers()).get(0);
            assertThat(score.value()).isCloseTo(expected.mean() - 1.5 * expected.std(), within(1e-12));
        }
    }

    /** Half of 0.25 a token around 3 tokens, before rewards are normalized. */
    @Test
    void lengthCoef_subtractsTheLinearPartOfLength() {
        RewardReading half = new RewardReading(true, 0, 0.5, StepAggregation.MIN);
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                RewardModel model =
                        preceptor.rewardModel(STUDENT, LoadOptions.FROZEN, new NewHeads(1, HeadInit.NORMAL, 2))) {
            model.keep(new RewardStatistics(1, 2, 9));
            assertThatThrownBy(() -> new RewardEnsemble(List.of(model), half))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("reward_length_coef")
                    .hasMessageContaining("has no length_slope in reward_statistics.json");
            model.keep(new RewardStatistics(1, 2, 9).with(new RewardStatistics.Length(0.25, 3)));
            double plain = model.score(answers()).get(0).value();
            int tokens = model.tokens(answers().get(0));
            assertThat(tokens).isNotEqualTo(3);
            double expected = (plain - 0.5 * 0.25 * (tokens - 3) - 1) / 2;
            assertThat(new RewardEnsemble(List.of(model), half)
                            .score(answers())
                            .get(0)
                            .value())
                    .isCloseTo(expected, within(1e-12));
            assertThat(model.rewards(PAIRS, 4, half).get(0).chosen()).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void save_keepsTheStatistics_andNormalizingNeedsThem() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1)) {
            Path saved = directory.resolve("saved");
            try (RewardModel model = preceptor.rewardModel(STUDENT)) {
                RewardReading normalized = new RewardReading(true, 0);
                assertThatThrownBy(() -> new RewardEnsemble(List.of(model), normalized))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("normalize_rewards")
                        .hasMessageContaining("has no reward_statistics.json");
                model.keep(new RewardStatistics(0, 0, 2));
                assertThatThrownBy(() -> model.rewards(PAIRS, 4, normalized))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("the same reward");
                model.keep(new RewardStatistics(0.5, 2, 7));
                model.save(saved);
            }
            try (RewardModel model = preceptor.rewardModel(saved)) {
                assertThat(model.statistics()).contains(new RewardStatistics(0.5, 2, 7));
                assertThat(model.rewards(PAIRS, 4, new RewardReading(true, 0)))
                        .as("a head of zeros")
                        .allMatch(pair -> pair.chosen() == -0.25 && pair.chosenUncertainty() == 0);
            }
        }
    }
}
