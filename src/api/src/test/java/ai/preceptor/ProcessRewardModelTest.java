package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Score.TokenScore;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.process.ProcessRewardModel;
import ai.preceptor.process.ProcessRewardSummary;
import ai.preceptor.reward.process.StepAggregation;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scorer of steps, from Java. */
class ProcessRewardModelTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final NewHeads NORMAL = new NewHeads(1, HeadInit.NORMAL, 3);
    private static final Prompt ASKED = Prompt.plain("What is 2 + 3?");

    @TempDir
    private Path directory;

    private Preceptor preceptor;

    @BeforeEach
    void open() {
        preceptor = Preceptor.open("cpu", 1);
    }

    @AfterEach
    void close() {
        preceptor.close();
    }

    private ProcessRewardModel model() {
        return preceptor.processRewardModel(MODEL, LoadOptions.TRAINED, "\n", NORMAL);
    }

    private Scorer saved(StepAggregation aggregation) {
        Path saved = directory.resolve("saved");
        try (ProcessRewardModel model = model()) {
            model.save(saved);
        }
        return preceptor.scorer(saved, LoadOptions.FROZEN, new RewardReading(false, 0, 0, aggregation));
    }

    /** The steps of an answer are those of its rows in training, and blank lines are none. */
    @Test
    void score_isTheAggregationOfTheSteps() {
        double[] steps;
        try (ProcessRewardModel model = model()) {
            steps = model.probabilities(ASKED, List.of("Two and three.", "So 5."));
            assertThat(steps).hasSize(2);
            assertThat(steps[0]).isNotEqualTo(steps[1]).isBetween(0.0, 1.0);
        }
        List<Answer> answers = List.of(
                new Answer(ASKED, Text.plain("Two and three.\n\nSo 5.\n")), new Answer(ASKED, Text.plain(" \n")));
        try (Scorer least = saved(StepAggregation.MIN)) {
            List<Score> scores = least.score(answers);
            assertThat(scores.get(0).value()).isCloseTo(Math.min(steps[0], steps[1]), within(1e-6));
            assertThat(scores.get(0).tokenScores()).isEmpty();
            assertThat(scores.get(1).problem()).isEqualTo("the answer has no step");
        }
        try (Scorer product = saved(StepAggregation.PRODUCT)) {
            assertThat(product.score(answers).get(0).value()).isCloseTo(steps[0] * steps[1], within(1e-6));
        }
    }

    /** "Two and three.\nSo 5." and the end of turn: the first step ends with the line feed, the last with the last token. */
    @Test
    void score_ofASampledAnswer_isAtTheTokensThatEndSteps() {
        try (Tokenizer tokenizer = Tokenizer.load(MODEL);
                Scorer least = saved(StepAggregation.MIN);
                ProcessRewardModel model = model()) {
            String text = "Two and three.\nSo 5.";
            int[] ids = tokenizer.encode(text + "<|im_end|>", false);
            int feed = tokenizer.encode("Two and three.\n", false).length - 1;
            double[] steps = model.probabilities(ASKED, List.of("Two and three.", "So 5."));
            Score score = least.score(List.of(new Answer(ASKED, Text.plain(text), ids)))
                    .get(0);
            assertThat(score.tokenScores()).extracting(TokenScore::token).containsExactly(feed, ids.length - 1);
            assertThat(score.tokenScores().get(0).value()).isCloseTo(steps[0], within(1e-6));
            assertThat(score.tokenScores().get(1).value()).isCloseTo(steps[1], within(1e-6));
            // tokens that spell something else, as those of another vocabulary
            Score other = least.score(List.of(new Answer(ASKED, Text.plain(text), new int[] {5, 6})))
                    .get(0);
            assertThat(other.tokenScores()).isEmpty();
            assertThat(other.value()).isEqualTo(score.value());
        }
    }

    /** Steps that say yes are right, steps that say no are wrong. */
    @Test
    void train_learnsToTellSteps() {
        List<LabeledSteps> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean first = i % 2 == 0;
            rows.add(new LabeledSteps(
                    Prompt.plain("Say " + i), List.of(first ? "yes" : "no", "yes"), List.of(first, true)));
        }
        TrainConfig config = TrainConfig.builder()
                .batchSize(4)
                .numTrainEpochs(8)
                .learningRate(5e-3)
                .build();
        try (ProcessRewardModel model = model()) {
            double before = model.measure(rows).accuracy().rate();
            ProcessRewardSummary summary = model.train(rows, rows, false, config, LoopSetting.inMemory());
            assertThat(before).isLessThan(1);
            assertThat(summary.measured()).isNotNull();
            assertThat(summary.measured().accuracy().rate()).isEqualTo(1);
            assertThat(summary.measured().f1()).isEqualTo(1);
        }
    }

    /** Last steps are right and the others are wrong: evaluation and report are of both. */
    @Test
    void train_onLastStepsOnly_isEvaluatedOnAllSteps() {
        List<LabeledSteps> rows = List.of(
                new LabeledSteps(ASKED, List.of("no", "yes"), List.of(false, true)),
                new LabeledSteps(ASKED, List.of("never", "sure"), List.of(false, true)));
        TrainConfig config = TrainConfig.builder()
                .batchSize(2)
                .maxSteps(5)
                .learningRate(5e-3)
                .build();
        try (ProcessRewardModel model = model()) {
            ProcessRewardSummary summary = model.train(rows, rows, true, config, LoopSetting.inMemory());
            assertThat(summary.measured()).isNotNull();
            assertThat(summary.training().evaluated())
                    .containsEntry(
                            "eval_accuracy", summary.measured().accuracy().rate())
                    .containsKey("eval_accuracy_wrong");
        }
    }

    /** The model's context is 512; a row that fits max_length is measured, as it is evaluated, even beyond that. */
    @Test
    void train_heldOutRowsThatAreTooLong_areLeftOutOfTheReport() {
        LabeledSteps usual = new LabeledSteps(ASKED, List.of("yes", "no"), List.of(true, false));
        List<LabeledSteps> heldOut = List.of(usual, steps(560), steps(2000), usual);
        TrainConfig config =
                TrainConfig.builder().batchSize(1).maxSteps(1).maxLength(1000).build();
        try (ProcessRewardModel model = model()) {
            ProcessRewardSummary summary = model.train(List.of(usual), heldOut, false, config, LoopSetting.inMemory());
            assertThat(summary.measured()).isNotNull();
            assertThat(summary.measured().accuracy().trials()).isEqualTo(5);
            assertThatThrownBy(() -> model.measure(heldOut))
                    .isInstanceOf(EncodingException.class)
                    .hasMessageContaining("beyond the model's context of 512");
        }
    }

    private static LabeledSteps steps(int tokens) {
        return new LabeledSteps(ASKED, List.of("7".repeat(tokens)), List.of(true));
    }

    @Test
    void scorer_refusesToChangeProbabilities() {
        Path saved = directory.resolve("saved");
        try (ProcessRewardModel model = model()) {
            model.save(saved);
        }
        assertThatThrownBy(() -> preceptor.scorer(saved, LoadOptions.FROZEN, new RewardReading(true, 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("normalize_rewards: expected false with the process reward model " + saved);
    }
}
