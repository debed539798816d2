package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.train.reference.PrecomputedReference;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.toy.LetterEncoder;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyObjective;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainLoopTest {

    /** Two rows of letters, answers "b" after "a" and "ab" after "ba": three targets, so L = -(sum of logp) / 3. */
    @Test
    void run_oneStep_byHand() {
        List<Demonstration> rows = List.of(row("a", "b"), row("ba", "ab"));
        ToyModel model = new ToyModel(4, 0, 3);
        double[] before = model.parameters();
        int a = 'a' % 4;
        int b = 'b' % 4;
        double expected = -(2 * logp(before, a, b) + logp(before, a, a)) / 3;
        double[] norm = new double[1];
        for (int next = 0; next < 4; next++) {
            double push = (next == b ? 2 : 0) + (next == a ? 1 : 0) - 3 * Math.exp(logp(before, a, next));
            norm[0] += push * push / 9;
        }

        List<StepMetrics> steps = train(config(2, 1).maxSteps(1).learningRate(0.1), rows, 0, model);

        StepMetrics step = steps.get(0);
        assertThat(step.loss()).isEqualTo(expected, within(1e-6));
        assertThat(step.gradNorm()).isEqualTo(Math.sqrt(norm[0]), within(1e-6));
        assertThat(step.learningRate()).isEqualTo(0.1);
        assertThat(step.tokens()).as("a fed, b not; b, a, a fed, b not").isEqualTo(4);
        assertThat(step.metrics().get("logps/mean")).isEqualTo(-expected, within(1e-6));
        assertThat(step.row().keySet())
                .containsExactly(
                        "step", "epoch", "tokens", "step_time", "loss", "grad_norm", "learning_rate", "logps/mean");
        for (int next = 0; next < 4; next++) {
            double moved = model.parameters()[a * 4 + next] - before[a * 4 + next];
            assertThat(Math.abs(moved))
                    .as("Adam's first step is the learning rate")
                    .isEqualTo(0.1, within(1e-4));
        }
    }

    /** One step of eight rows is eight accumulated steps of one, whatever the lengths of the rows. */
    @ParameterizedTest
    @CsvSource({"1, 8", "2, 4", "4, 2"})
    void run_accumulated_equalsOnePiece(int batch, int accumulation) {
        List<Demonstration> rows = ToyRows.make(20, 11);
        ToyModel whole = new ToyRun(config(8, 1).build(), rows, 0.3).model();
        ToyModel pieces = new ToyRun(config(8, 1).build(), rows, 0.3).model();

        List<StepMetrics> expected = train(config(8, 1).numTrainEpochs(4), rows, 0.3, whole);
        List<StepMetrics> actual = train(config(batch, accumulation).numTrainEpochs(4), rows, 0.3, pieces);

        assertThat(expected).hasSize(12);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).loss()).isEqualTo(expected.get(i).loss(), within(1e-7));
            assertThat(actual.get(i).gradNorm()).isEqualTo(expected.get(i).gradNorm(), within(1e-7));
            assertThat(actual.get(i).metrics().get("logps/mean"))
                    .isEqualTo(expected.get(i).metrics().get("logps/mean"), within(1e-6));
            assertThat(actual.get(i).epoch()).isEqualTo(expected.get(i).epoch());
        }
        assertThat(pieces.parameters()).containsExactly(whole.parameters(), within(1e-6));
    }

    @Test
    void run_manyEpochs_learns() {
        List<Demonstration> rows = ToyRows.make(6, 11);
        ToyModel model = new ToyModel(ToyRun.VOCABULARY, 0, 7);
        List<StepMetrics> steps = train(config(3, 1).maxSteps(400).learningRate(0.05), rows, 0, model);
        assertThat(steps.get(399).loss()).isLessThan(0.6 * steps.get(0).loss());
    }

    /** The frozen copy beside the model and the numbers computed beforehand are the same reference. */
    @Test
    void run_withPrecomputedReference_equalsAFrozenModel() {
        List<Demonstration> rows = ToyRows.make(9, 5);
        TrainConfig config = config(2, 2).numTrainEpochs(3).learningRate(0.05).build();
        List<StepMetrics> precomputed = new ArrayList<>();
        ToyRun run = new ToyRun(config, rows, 0.5);
        run.inMemory(run.model(), collector(precomputed));

        ToyModel model = run.model();
        ToyModel frozen = run.model();
        List<StepMetrics> live = new ArrayList<>();
        Pass<Demonstration> pass = new ObjectivePass<>(
                model,
                new LetterEncoder(ToyRun.VOCABULARY),
                new ToyObjective(0.5),
                (batchRows, batch) -> frozen.logprobs(batch));
        new TrainLoop<>(config, model, pass, run.source(), listening(collector(live))).run();

        assertThat(live)
                .hasSize(9)
                .usingRecursiveComparison()
                .ignoringFields("stepTime")
                .isEqualTo(precomputed);
        assertThat(live.get(8).loss()).isNotEqualTo(live.get(0).loss());
    }

    @Test
    void run_objectiveThatReadsAReference_refusesToGoWithout() {
        assertThatThrownBy(() ->
                        new ObjectivePass<>(new ToyModel(4, 0, 1), new LetterEncoder(4), new ToyObjective(1), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("toy compares with a frozen reference");
    }

    /** Steps 1 to 3, 4 to 6 and the rest: means of loss and metrics, norm and rate of the last. */
    @Test
    void run_loggingSteps_averagesTheWindow() {
        List<StepMetrics> steps = new ArrayList<>();
        List<StepMetrics> logs = new ArrayList<>();
        TrainConfig config = config(2, 1).maxSteps(7).loggingSteps(3).build();
        ToyRun run = new ToyRun(config, ToyRows.make(8, 2), 0);
        run.inMemory(run.model(), TrainListener.all(List.of(collector(steps), new TrainListener() {
            @Override
            public void onLog(StepMetrics mean) {
                logs.add(mean);
            }
        })));
        assertThat(logs).extracting(StepMetrics::step).containsExactly(3, 6, 7);
        assertThat(logs.get(1).loss())
                .isEqualTo(
                        (steps.get(3).loss()
                                        + steps.get(4).loss()
                                        + steps.get(5).loss())
                                / 3,
                        within(1e-12));
        double meanMetric = steps.subList(3, 6).stream()
                .mapToDouble(step -> step.metrics().get("logps/mean"))
                .average()
                .orElseThrow();
        assertThat(logs.get(1).metrics().get("logps/mean")).isEqualTo(meanMetric, within(1e-12));
        assertThat(logs.get(1).gradNorm()).isEqualTo(steps.get(5).gradNorm());
        assertThat(logs.get(2).loss()).isEqualTo(steps.get(6).loss());
    }

    /** The rate of the first step is that of step 0: with linear decay the peak, and 1/5 of it at the last of five. */
    @Test
    void run_schedule_countsFromTheFirstStep() {
        List<StepMetrics> steps = train(
                config(2, 1).maxSteps(5).lrSchedulerType(LrSchedulerType.LINEAR).learningRate(0.5),
                ToyRows.make(8, 2),
                0,
                new ToyModel(ToyRun.VOCABULARY, 0, 7));
        assertThat(steps).extracting(StepMetrics::learningRate).containsExactly(0.5, 0.4, 0.3, 0.2, 0.1);
    }

    @Test
    void run_sourceThatRunsOut_endsEarly() {
        RowSource<Demonstration> two = new RowSource<>() {
            @Override
            public StepRows<Demonstration> at(int step) {
                return step == 2
                        ? StepRows.exhausted(1)
                        : new StepRows<>(List.of(new MicroBatch<>(ToyRows.make(1, step), List.of(0))), step / 2.0);
            }

            @Override
            public int stepsPerEpoch() {
                return 0;
            }
        };
        ToyModel model = new ToyModel(ToyRun.VOCABULARY, 0, 7);
        Pass<Demonstration> pass =
                new ObjectivePass<>(model, new LetterEncoder(ToyRun.VOCABULARY), new ToyObjective(0), null);
        TrainConfig config = config(1, 1).maxSteps(10).build();
        assertThat(new TrainLoop<>(config, model, pass, two, LoopSetting.inMemory())
                        .run()
                        .steps())
                .isEqualTo(2);
        assertThatThrownBy(() -> new TrainLoop<>(config(1, 1).build(), model, pass, two, LoopSetting.inMemory()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("max_steps is not given");
    }

    /** A reward model of one number a token id, pulled to 2: d/dr (r - 2)^2 / 2 = r - 2. */
    @Test
    void run_rewards_throughTheSameLoop() {
        ToyScalarModel model = new ToyScalarModel();
        RewardObjective<Integer> objective = new TowardsTwo();
        RowSource<Integer> source = new RowSource<>() {
            @Override
            public StepRows<Integer> at(int step) {
                return new StepRows<>(
                        List.of(new MicroBatch<>(List.of(1), List.of(0)), new MicroBatch<>(List.of(2), List.of(1))),
                        step + 1);
            }

            @Override
            public int stepsPerEpoch() {
                return 1;
            }
        };
        Pass<Integer> pass = new RewardObjectivePass<>(model, new LetterEncoder(4), objective);
        List<StepMetrics> steps = new ArrayList<>();
        new TrainLoop<>(config(1, 2).maxSteps(2).build(), model, pass, source, listening(collector(steps))).run();
        assertThat(steps.get(0).loss()).as("(2^2 / 2 + 2^2 / 2) / 2 rows").isEqualTo(2);
        assertThat(model.gradients).as("(0 - 2) / 2 rows").containsExactly(0, -1, -1, 0);
        assertThat(steps.get(0).metrics()).containsEntry("mean_reward", 0.0);
    }

    private static List<StepMetrics> train(
            TrainConfigBuilder config, List<Demonstration> rows, double pull, ToyModel model) {
        List<StepMetrics> steps = new ArrayList<>();
        TrainConfig built = config.build();
        LetterEncoder encoder = new LetterEncoder((int) Math.sqrt(model.parameters().length));
        ToyObjective objective = new ToyObjective(pull);
        Reference<Demonstration> reference =
                PrecomputedReference.compute(rows, (row, into) -> objective.pack(row, encoder, into), 3, model);
        ToyRun run = new ToyRun(built, rows, pull);
        new TrainLoop<>(
                        built,
                        model,
                        new ObjectivePass<>(model, encoder, objective, reference),
                        run.source(),
                        listening(collector(steps)))
                .run();
        return steps;
    }

    private static LoopSetting listening(TrainListener listener) {
        return LoopSetting.of(RunStore.none(), new Interrupt(), listener);
    }

    private static TrainListener collector(List<StepMetrics> into) {
        return new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                into.add(step);
            }
        };
    }

    private static TrainConfigBuilder config(int batch, int accumulation) {
        return TrainConfig.builder()
                .batchSize(batch)
                .gradientAccumulationSteps(accumulation)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .learningRate(0.02)
                .seed(9);
    }

    private static Demonstration row(String prompt, String completion) {
        return new Demonstration(Prompt.plain(prompt), new Text.Plain(completion));
    }

    private static double logp(double[] table, int current, int next) {
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += Math.exp(table[current * 4 + i]);
        }
        return table[current * 4 + next] - Math.log(sum);
    }
}
