package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.online.OnlineSummary;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.group.RrhfLoss;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.ranking.online.Selection;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.ranking.unpaired.KtoLoss;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainConfigBuilder;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Preferences learnt online: on fixed answers as TRL and as the offline method, and by sampling. */
class OnlineRankingTest {
    private static final RankMethod DPO = dpo(0.1);

    @TempDir
    Path folder;

    static Stream<String> curves() {
        return Golden.json("online_dpo_curves.json").properties().stream()
                .filter(curve -> curve.getValue().has("steps"))
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("curves")
    void rankOnline_recordedAnswers_followsTrl(String curve) {
        JsonNode expected = Golden.json("online_dpo_curves.json").path(curve);
        JsonNode given = expected.path("config");
        double penalty = given.path("missing_eos_penalty").asDouble(0);
        OnlineOptions options =
                OnlineOptions.STANDARD.with(OnlineSettings.defaults().penalizing(penalty));
        OnlineRun run = new OnlineRun();
        run.inMemory(
                firstTwo(expected.path("cut").intValue()),
                dpo(given.path("beta").asDouble(0.1)),
                options,
                config().batchSize(4).numTrainEpochs(2).maxSteps(null).build());
        assertThat(run.steps).hasSameSizeAs(expected.path("steps")).isNotEmpty();
        for (int i = 0; i < run.steps.size(); i++) {
            Map<String, Object> ours = run.steps.get(i).row();
            for (Map.Entry<String, JsonNode> golden :
                    expected.path("steps").path(i).properties()) {
                double value = golden.getValue().doubleValue();
                double rounding = golden.getKey().equals("loss") ? 6e-5 : 2e-5; // TRL tells four digits of the loss
                assertThat((Double) ours.get(golden.getKey()))
                        .as("step %d, %s", i + 1, golden.getKey())
                        .isCloseTo(value, within(Math.max(1e-3 * Math.abs(value), rounding)));
            }
        }
    }

    /** The same pairs, as rows and as recorded answers with the scores 1 and 0: the same weights to the bit. */
    @Test
    void rankOnline_recordedPairs_learnsWhatRankLearnsFromThem() {
        List<Preference> pairs = Datasets.preferences(Golden.file("pairs.jsonl"), 8, OnBadRow.FAIL)
                .rows();
        TrainConfig config = config().batchSize(4).maxSteps(4).build();
        OnlineRun offline = new OnlineRun();
        offline.with(
                RunStore.none(),
                run -> run.student()
                        .rank(
                                pairs,
                                List.of(),
                                PairObjective.ofPreferences(DpoLoss.sigmoid(0.1)),
                                RankOptions.STANDARD,
                                config,
                                run.context().loop()));
        OnlineRun online = new OnlineRun();
        online.with(
                RunStore.none(),
                run -> run.student()
                        .rankOnline(
                                recorded(pairs, run.student().encoder()), DPO, answersOf(300), config, run.context()));
        for (String metric :
                List.of("rewards/margins", "rewards/accuracies", "logps/chosen", "logps/rejected", "entropy")) {
            assertThat(online.column(metric)).isEqualTo(offline.column(metric)).doesNotContainNull();
        }
        assertThat(online.steps.get(3).loss())
                .isEqualTo(offline.steps.get(3).loss())
                .isLessThan(0.69);
        assertThat(online.weights).isEqualTo(offline.weights);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void resume_stoppedAfterAStep_equalsTheStraightRun(int step) {
        TrainConfig config =
                config().batchSize(4).maxSteps(4).saveSteps(100).resume(true).build();
        new OnlineRun().in(folder.resolve("straight"), PolicyRun.BREVITY, DPO, answersOf(12), config);
        OnlineRun first = new OnlineRun().stopAfter(step);
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> first.in(stopped, PolicyRun.BREVITY, DPO, answersOf(12), config))
                .isInstanceOf(InterruptedRunException.class);
        OnlineRun second = new OnlineRun();
        second.in(stopped, PolicyRun.BREVITY, DPO, answersOf(12), config);
        assertThat(first.steps).hasSize(step);
        assertThat(second.steps).hasSize(4 - step);
        assertSameFiles();
    }

    /** Ctrl-C while the answers of the third step are scored: that step was never made. */
    @Test
    void resume_stoppedWhileSampling_equalsTheStraightRun() {
        TrainConfig config =
                config().batchSize(4).maxSteps(4).saveSteps(100).resume(true).build();
        new OnlineRun().in(folder.resolve("straight"), PolicyRun.BREVITY, DPO, answersOf(12), config);
        OnlineRun first = new OnlineRun();
        AtomicInteger calls = new AtomicInteger();
        Scorer stopping = new RuleScorer("brevity", answer -> {
            if (first.steps.size() == 2 && calls.incrementAndGet() == 3) {
                first.stop();
            }
            return -answer.text().asString().length();
        });
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> first.in(stopped, stopping, DPO, answersOf(12), config))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 2");
        new OnlineRun().in(stopped, PolicyRun.BREVITY, DPO, answersOf(12), config);
        assertSameFiles();
    }

    /** Ctrl-C while a step has nothing to learn from yet: no more is sampled for it. */
    @Test
    void resume_stoppedBetweenBatchesOfAStep_equalsTheStraightRun() {
        TrainConfig config =
                config().batchSize(4).maxSteps(4).saveSteps(100).resume(true).build();
        new OnlineRun().in(folder.resolve("straight"), PolicyRun.BREVITY, DPO, answersOf(12), config);
        OnlineRun first = new OnlineRun();
        Scorer stopping = new RuleScorer("brevity", answer -> {
            if (first.steps.size() < 2) {
                return -answer.text().asString().length();
            }
            first.stop();
            return 0;
        });
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> first.in(stopped, stopping, DPO, answersOf(12), config))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 2");
        assertThat(first.samples.stream().filter(row -> row.get("step").equals(3)))
                .as("one batch")
                .hasSize(8);
        new OnlineRun().in(stopped, PolicyRun.BREVITY, DPO, answersOf(12), config);
        assertSameFiles();
    }

    private void assertSameFiles() {
        for (String file : List.of(
                "metrics.jsonl", "samples.jsonl", "model/model.safetensors", "checkpoints/step-4/online.json")) {
            assertThat(folder.resolve("stopped").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("straight").resolve(file));
        }
    }

    /** Short answers are preferred, so they get shorter. */
    @Test
    void rankOnline_dpo_learnsWhatTheScorerPrefers() {
        OnlineRun run = new OnlineRun();
        OnlineSummary summary = run.inMemory(
                PolicyRun.BREVITY,
                DPO,
                OnlineOptions.STANDARD.with(OnlineSettings.defaults()
                        .generating(4)
                        .sampling(answersOf(12).settings().sampling())),
                config().batchSize(8).maxSteps(12).build());
        assertThat(mean(run.column("reward"), 9, 12)).isGreaterThan(mean(run.column("reward"), 0, 3) + 1);
        assertThat(run.column("objective/kl").get(0)).isCloseTo(0, within(1e-3));
        assertThat(summary.counts().samples()).isEqualTo(run.samples.size());
        assertThat(summary.counts().used()).isEqualTo(96);
        assertThat(summary.row()).containsKeys("groups_tied", "prompts_too_long", "actors");
    }

    /** Sampling ahead with a copy of the student: answers of older weights are learnt from too. */
    @Test
    void rankOnline_ahead_learnsFromStaleAnswers() {
        OnlineRun run = new OnlineRun();
        OnlineOptions ahead = answersOf(12)
                .with(RolloutSettings.builder().maxStaleness(1).generators(1).build());
        run.inMemory(
                PolicyRun.BREVITY, DPO, ahead, config().batchSize(4).maxSteps(4).build());
        assertThat(run.steps).hasSize(4);
        assertThat(run.samples.stream().anyMatch(row -> (long) row.get("policy_version") < (int) row.get("step") - 1))
                .isTrue();
    }

    @Test
    void rankOnline_groupsAndLabels_takeTheirAnswers() {
        OnlineOptions four =
                OnlineOptions.STANDARD.with(answersOf(12).settings().generating(4));
        TrainConfig config = config().batchSize(4).maxSteps(1).build();
        OnlineRun group = new OnlineRun();
        group.inMemory(PolicyRun.BREVITY, new RankMethod.Groups(RrhfLoss.paper()), four, config);
        assertThat(used(group)).isGreaterThan(8);
        OnlineRun two = new OnlineRun();
        OnlineOptions bestWorst = four.with(four.settings().selecting(Selection.BEST_WORST));
        two.inMemory(PolicyRun.BREVITY, new RankMethod.Groups(RrhfLoss.paper()), bestWorst, config);
        assertThat(used(two)).isEqualTo(8);
        OnlineRun all = new OnlineRun();
        all.inMemory(PolicyRun.BREVITY, DPO, four.with(four.settings().selecting(Selection.GROUP)), config);
        assertThat(used(all)).isEqualTo(used(group));
        OnlineRun labels = new OnlineRun();
        labels.inMemory(PolicyRun.BREVITY, new RankMethod.Unpaired(KtoLoss.kto(0.1)), four, config);
        assertThat(used(labels)).isEqualTo(4);
        assertThat(labels.steps.get(0).metrics()).containsKeys("kl", "rewards/chosen", "objective/scores_margin");
    }

    private static long used(OnlineRun run) {
        return run.samples.stream()
                .filter(row -> Boolean.TRUE.equals(row.get("used")))
                .count();
    }

    @Test
    void refusals_nameKeyValueAndRange() {
        RankMethod kto = new RankMethod.Unpaired(KtoLoss.kto(0.1));
        refused(
                "num_generations: expected an integer in [2, 65536], found 1",
                () -> OnlineSettings.defaults().generating(1));
        OnlineSettings group = OnlineSettings.defaults().selecting(Selection.GROUP);
        refused(
                "select: expected best_worst with kto",
                () -> new OnlineRun()
                        .inMemory(PolicyRun.BREVITY, kto, OnlineOptions.STANDARD.with(group), config().build()));
        refused(
                "batch_size: expected batch_size x gradient_accumulation_steps to be a multiple of 2",
                () -> new OnlineRun()
                        .inMemory(
                                PolicyRun.BREVITY,
                                kto,
                                OnlineOptions.STANDARD,
                                config().batchSize(3).build()));
        refused(
                "batch_size: expected batch_size x gradient_accumulation_steps to be at least 4",
                () -> new OnlineRun()
                        .inMemory(
                                PolicyRun.BREVITY,
                                kto,
                                OnlineOptions.STANDARD,
                                config().batchSize(2).build()));
        refused(
                "max_length: expected more than max_new_tokens 64, found 64",
                () -> new OnlineRun()
                        .inMemory(
                                PolicyRun.BREVITY,
                                DPO,
                                OnlineOptions.STANDARD,
                                config().maxLength(64).build()));
        refused(
                "temperature: expected above 0",
                () -> OnlineOptions.STANDARD.with(OnlineSettings.defaults()
                        .sampling(OnlineSettings.defaults()
                                .sampling()
                                .but()
                                .temperature(0)
                                .build())));
        assertThatThrownBy(() -> new OnlineRun()
                        .inMemory(
                                PolicyRun.BREVITY,
                                DPO,
                                OnlineOptions.STANDARD,
                                config().maxLength(66).build()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("leaves after max_new_tokens");
    }

    @Test
    void recordedAnswersWithTools_areRefused() {
        ToolTurns turns = new ToolTurns(List.of(new ToolTurns.Turn(1, new int[] {8}, "", List.of())), 1, 0);
        float[] logps = minusOnes(2);
        Completion called = new Completion("a", new int[] {5, 2}, logps, logps, FinishReason.STOP, null, turns);
        RecordedRollouts rollouts = RecordedRollouts.of(List.of(
                new RecordedAnswers(Prompt.user("Why?"), List.of(called, called), List.of(Score.of(1), Score.of(2)))));
        assertThatThrownBy(() -> rollouts.resolve(OnlineSettings.defaults()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("recorded row 0 (0-based): tool_mask: expected 1 for every token");
    }

    private static void refused(String message, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(ConfigurationException.class).hasMessageContaining(message);
    }

    private static RankMethod dpo(double beta) {
        return new RankMethod.Pairs(DpoLoss.sigmoid(beta), PairOptions.PLAIN);
    }

    private static OnlineOptions answersOf(int tokens) {
        OnlineSettings defaults = OnlineSettings.defaults();
        return OnlineOptions.STANDARD.with(
                defaults.sampling(defaults.sampling().but().maxNewTokens(tokens).build()));
    }

    private static TrainConfigBuilder config() {
        return TrainConfig.builder()
                .learningRate(1e-3)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .shuffle(false)
                .maxSteps(1);
    }

    private static double mean(List<Double> values, int from, int to) {
        return values.subList(from, to).stream()
                .mapToDouble(value -> value)
                .average()
                .orElseThrow();
    }

    /** The first two answers of each recorded row, cut to so many tokens; 0 for whole ones. */
    private static RecordedRollouts firstTwo(int cut) {
        List<RecordedAnswers> rows = new ArrayList<>();
        for (RecordedAnswers row : Datasets.recordedAnswers(
                        Golden.file("policy_rollouts.jsonl"), new RecordedLimits(512, 24, 4), 0, OnBadRow.FAIL)
                .rows()) {
            List<Completion> two = row.completions().subList(0, 2).stream()
                    .map(one -> cut == 0 ? one : first(one, cut))
                    .toList();
            List<Score> scores = row.scores();
            assertThat(scores).isNotNull();
            rows.add(new RecordedAnswers(row.prompt(), two, scores.subList(0, 2)));
        }
        return RecordedRollouts.of(rows);
    }

    private static Completion first(Completion whole, int tokens) {
        return new Completion(
                whole.text(),
                Arrays.copyOf(whole.tokenIds(), tokens),
                Arrays.copyOf(whole.logprobs(), tokens),
                FinishReason.LENGTH);
    }

    private static RecordedRollouts recorded(List<Preference> pairs, PromptEncoder encoder) {
        List<RecordedAnswers> rows = new ArrayList<>();
        for (Preference pair : pairs) {
            Encoded ids = encoder.encode(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
            List<Completion> answers = ids.completions().stream()
                    .map(one -> new Completion("an answer", one, minusOnes(one.length), FinishReason.STOP))
                    .toList();
            rows.add(new RecordedAnswers(pair.prompt(), answers, List.of(Score.of(1), Score.of(0))));
        }
        return RecordedRollouts.of(rows);
    }

    private static float[] minusOnes(int length) {
        float[] values = new float[length];
        Arrays.fill(values, -1);
        return values;
    }
}
