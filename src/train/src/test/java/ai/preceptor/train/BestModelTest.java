package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.train.evaluation.BestModel;
import ai.preceptor.train.evaluation.EvaluationSettings;
import ai.preceptor.train.evaluation.EvaluationSettingsBuilder;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.evaluation.HeldOutResult;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.toy.Mortal;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run of ten steps, evaluated every second. Its held-out loss is the distance to the weights of step 6, so the best model is known:
 * that of step 6.
 */
class BestModelTest {
    private static final int BEST = 6;

    @TempDir
    Path folder;

    private double[] target = {};

    private static TrainConfigBuilder config(EvaluationSettingsBuilder evaluation) {
        return TrainConfig.builder()
                .batchSize(2)
                .gradientAccumulationSteps(2)
                .maxSteps(10)
                .saveSteps(3)
                .saveTotalLimit(2)
                .learningRate(0.05)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .resume(true)
                .evaluation(evaluation.build());
    }

    private static EvaluationSettingsBuilder best() {
        return EvaluationSettings.builder().evalSteps(2).loadBestModelAtEnd(true);
    }

    private static ToyRun run(TrainConfigBuilder config) {
        return new ToyRun(config.build(), ToyRows.make(13, 21), 0.4);
    }

    @BeforeEach
    void findTheTarget() {
        ToyRun run = run(config(EvaluationSettings.builder()).maxSteps(BEST));
        ToyModel model = run.model();
        run.inMemory(model, TrainListener.none());
        target = model.parameters();
    }

    private double distance(ToyModel model) {
        double[] now = model.parameters();
        return IntStream.range(0, now.length)
                .mapToDouble(i -> Math.abs(now[i] - target[i]))
                .sum();
    }

    private Evaluator evaluator(ToyModel model) {
        return () -> Optional.of(Map.of("eval_loss", distance(model)));
    }

    private TrainSummary train(TrainConfigBuilder config, Path output, ToyModel model) {
        return train(config, output, model, evaluator(model), new Interrupt());
    }

    private static TrainSummary train(
            TrainConfigBuilder config, Path output, ToyModel model, Evaluator evaluator, Interrupt interrupt) {
        ToyRun run = run(config);
        try (RunDirectory directory =
                RunDirectory.open(output, run.config().runSpec("objective: toy\n", Map.of("objective", "toy")))) {
            return run.loop(
                            model,
                            new LoopSetting(directory, interrupt, TrainListener.none(), List.of(), () -> 0, evaluator))
                    .run();
        }
    }

    @Test
    void run_loadBest_endsWithItsWeightsAndKeepsItsCheckpoint() throws IOException {
        ToyModel model = run(config(best())).model();
        TrainSummary summary = train(config(best()), folder, model);
        HeldOutResult result = Objects.requireNonNull(summary.heldOut());
        assertThat(result.best()).isEqualTo(new BestModel("eval_loss", BEST, 0));
        assertThat(result.values()).containsEntry("eval_loss", 0.0);
        assertThat(summary.steps()).isEqualTo(10);
        assertThat(model.parameters()).containsExactly(target);
        assertThat(folder.resolve("model/table.bin"))
                .hasSameBinaryContentAs(folder.resolve("checkpoints/step-6/table.bin"));
        assertThat(folder.resolve("checkpoints").toFile().list())
                .as("the best, and the two newest")
                .containsExactlyInAnyOrder("step-6", "step-9", "step-10");
        assertThat(Files.readString(folder.resolve("summary.json")))
                .contains("\"best_global_step\" : 6", "\"best_metric\" : 0.0");
        List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
        assertThat(lines).hasSize(15);
        assertThat(lines.get(2)).startsWith("{\"step\":2,\"eval_loss\":");
    }

    /** Saved at the best only, where no checkpoints were asked for. */
    @Test
    void run_loadBestWithoutSaveSteps_savesTheBest() {
        ToyModel model = run(config(best())).model();
        train(config(best()).saveSteps(0).saveTotalLimit(1), folder, model);
        assertThat(model.parameters()).containsExactly(target);
        assertThat(folder.resolve("checkpoints").toFile().list()).containsExactly("step-6");
    }

    @Test
    void run_patienceOfOne_stopsAfterTheFirstWorse_andAResumedRunStaysStopped() {
        TrainConfigBuilder config =
                config(EvaluationSettings.builder().evalSteps(2).earlyStoppingPatience(1));
        TrainSummary summary = train(config, folder, run(config).model());
        HeldOutResult result = Objects.requireNonNull(summary.heldOut());
        assertThat(summary.steps()).isEqualTo(8);
        assertThat(result.stoppedEarly()).isTrue();
        assertThat(result.values().get("eval_loss")).as("the last step's").isPositive();
        TrainSummary again = train(config, folder, run(config).model());
        assertThat(again.steps()).isEqualTo(8);
        TrainConfigBuilder patient =
                config(EvaluationSettings.builder().evalSteps(2).earlyStoppingPatience(3));
        assertThat(train(patient, folder, run(config).model()).steps()).isEqualTo(10);
    }

    @Test
    void run_killedAtEveryMoment_equalsTheStraightRun() throws IOException {
        Path straight = folder.resolve("straight");
        TrainConfigBuilder config = config(best().earlyStoppingPatience(1));
        train(config, straight, run(config).model());
        Map<String, String> expected = files(straight);
        assertThat(expected).containsKeys("checkpoints/step-6/table.bin", "checkpoints/step-8/table.bin");
        int moment = 0;
        boolean died = true;
        while (died) {
            Path output = folder.resolve("killed-" + ++moment);
            died = dies(config, output, moment);
            train(config, output, run(config).model());
            assertThat(files(output)).as("killed at moment " + moment).isEqualTo(expected);
        }
        assertThat(moment).as("moments of a run").isGreaterThan(60);
    }

    /** The moment before an evaluation counts too. */
    private boolean dies(TrainConfigBuilder config, Path output, int moment) {
        ToyModel model = run(config).model();
        Mortal mortal = new Mortal(model, moment);
        ToyRun run = run(config);
        try (RunDirectory directory =
                RunDirectory.open(output, run.config().runSpec("objective: toy\n", Map.of("objective", "toy")))) {
            Evaluator dying = () -> {
                mortal.onCheckpoint(0, output);
                return evaluator(model).measure();
            };
            run.loop(mortal, new LoopSetting(directory, new Interrupt(), mortal, List.of(), () -> 0, dying))
                    .run();
            return false;
        } catch (Mortal.Killed killed) {
            return true;
        }
    }

    /** A stop during the evaluation of the best step: the resumed run makes it, and ends with it. */
    @Test
    void run_stoppedDuringTheBestEvaluation_equalsTheStraightRun() throws IOException {
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        train(config(best()), straight, run(config(best())).model());
        stopInTheBestEvaluation(config(best()), stopped);
        ToyModel second = run(config(best())).model();
        train(config(best()), stopped, second);
        assertThat(second.parameters()).containsExactly(target);
        for (String file : List.of("metrics.jsonl", "model/table.bin")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
    }

    private void stopInTheBestEvaluation(TrainConfigBuilder config, Path output) {
        ToyModel model = run(config).model();
        Interrupt interrupt = new Interrupt();
        Evaluator stopping = () -> {
            if (distance(model) == 0) {
                interrupt.request();
                return Optional.empty();
            }
            return evaluator(model).measure();
        };
        assertThatThrownBy(() -> train(config, output, model, stopping, interrupt))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("after step 6 of 10");
    }

    /** The stop saved step 6 without its evaluation, which the resumed run makes; it is killed at any moment and resumed again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void run_stoppedInAnEvaluationResumedKilledResumed_equalsTheStraightRun(boolean loadBest) throws IOException {
        Path straight = folder.resolve("straight");
        TrainConfigBuilder config =
                config(loadBest ? best() : EvaluationSettings.builder().evalSteps(2));
        train(config, straight, run(config).model());
        Map<String, String> expected = files(straight);
        for (int moment = 1; moment <= 12; moment++) { // to the next step
            Path output = folder.resolve("killed-" + moment);
            stopInTheBestEvaluation(config, output);
            assertThat(dies(config, output, moment)).isTrue();
            train(config, output, run(config).model());
            assertThat(files(output)).as("killed at moment " + moment).isEqualTo(expected);
        }
    }

    /** A run cannot end with what is lost: the best of those to come is chosen, and the summary says which. */
    @Test
    void run_bestCheckpointLost_choosesAmongThoseToCome() throws IOException {
        TrainConfigBuilder eight = config(best()).maxSteps(8);
        train(eight, folder, run(eight).model());
        try (Stream<Path> files = Files.walk(folder.resolve("checkpoints/step-6"))) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        TrainSummary summary = train(config(best()), folder, run(eight).model());
        assertThat(Objects.requireNonNull(
                                Objects.requireNonNull(summary.heldOut()).best())
                        .step())
                .isEqualTo(10);
    }

    @Test
    void run_nothingHeldOutOrNothingKept_isRefusedBeforeTheFirstStep() {
        ToyRun run = run(config(best()));
        List<Integer> steps = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step.step());
            }
        };
        assertThatThrownBy(() -> run.in(folder, run.model(), new Interrupt(), listener))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load_best_model_at_end: expected held-out rows");
        ToyModel model = run.model();
        LoopSetting inMemory =
                LoopSetting.of(RunStore.none(), new Interrupt(), listener).evaluatedBy(evaluator(model));
        assertThatThrownBy(() -> run.loop(model, inMemory).run())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("load_best_model_at_end: expected a run directory");
        assertThat(steps).isEmpty();
    }

    /** Digests by name; the summary without where it was resumed. */
    private static Map<String, String> files(Path output) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(output)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = output.relativize(path).toString();
                if (name.equals("summary.json")) {
                    files.put(name, Files.readString(path).replaceAll("\"resumed_from\" : \\d+", ""));
                } else if (!name.matches("run.lock|status.json")
                        && !name.startsWith(".")) { // a killed process of another id is swept
                    files.put(name, Sha256.of(path));
                }
            }
        }
        return files;
    }
}
