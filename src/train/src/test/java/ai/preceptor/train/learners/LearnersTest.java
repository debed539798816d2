package ai.preceptor.train.learners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.train.DivergedException;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.toy.Mortal;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several learners as threads of one process, with the toy model. */
class LearnersTest {
    private static final List<Demonstration> ROWS = ToyRows.make(23, 11);

    @TempDir
    Path directory;

    /** A learner's end: its model, and its steps. */
    private record Learnt(ToyModel model, List<StepMetrics> steps) {}

    private static TrainConfig config(boolean resume) {
        return TrainConfig.builder()
                .batchSize(2)
                .gradientAccumulationSteps(4)
                .learningRate(0.02)
                .numTrainEpochs(3)
                .saveSteps(2)
                .seed(5)
                .resume(resume)
                .build();
    }

    private static ToyRun run() {
        return new ToyRun(config(false), ROWS, 0.4);
    }

    private static TrainListener into(List<StepMetrics> steps) {
        return new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step);
            }
        };
    }

    private static Learnt inMemory(Collective learners) {
        List<StepMetrics> steps = new ArrayList<>();
        ToyModel model = run().model();
        LoopSetting setting = new LoopSetting(RunStore.none(), new Interrupt(), into(steps), List.of(), () -> 0);
        run().loop(model, setting.among(learners)).run();
        return new Learnt(model, steps);
    }

    /** 23 rows in steps of 4 micro-batches of 2: the third step of an epoch has 7 rows, in 4; with five learners some are idle. */
    @ParameterizedTest
    @CsvSource({"2", "3", "5"})
    void run_ofSeveral_equalsThatOfOne(int world) throws Exception {
        Learnt one = inMemory(Collective.single());

        List<Learnt> several = ThreadCollective.each(ThreadCollective.group(world), LearnersTest::inMemory);

        assertThat(one.steps()).hasSize(9);
        for (Learnt learner : several) {
            assertThat(learner.model().parameters())
                    .as("all have the same bits")
                    .containsExactly(several.get(0).model().parameters());
            assertThat(learner.steps()).isEqualTo(several.get(0).steps());
            assertThat(learner.model().parameters()).containsExactly(one.model().parameters(), within(1e-9));
            for (int i = 0; i < 9; i++) {
                StepMetrics expected = one.steps().get(i);
                StepMetrics actual = learner.steps().get(i);
                assertThat(actual.loss()).isEqualTo(expected.loss(), within(1e-12));
                assertThat(actual.gradNorm()).isEqualTo(expected.gradNorm(), within(1e-12));
                assertThat(actual.tokens()).isEqualTo(expected.tokens());
                assertThat(actual.epoch()).isEqualTo(expected.epoch());
                assertThat(actual.metrics().get("logps/mean"))
                        .isEqualTo(expected.metrics().get("logps/mean"), within(1e-12));
            }
        }
    }

    @Test
    void run_twice_givesTheSameBits() throws Exception {
        List<Learnt> first = ThreadCollective.each(ThreadCollective.group(3), LearnersTest::inMemory);
        List<Learnt> second = ThreadCollective.each(ThreadCollective.group(3), LearnersTest::inMemory);
        assertThat(second.get(1).steps()).isEqualTo(first.get(0).steps());
    }

    /** What disturbs one learner. */
    private interface Disturbed {
        TrainLoop<Demonstration> loop(Collective learners, ToyModel model, LoopSetting setting);
    }

    private static TrainLoop<Demonstration> undisturbed(Collective learners, ToyModel model, LoopSetting setting) {
        return run().loop(model, setting);
    }

    /** Trains in the run directory {@code name}; gives what each threw. */
    private List<Optional<Throwable>> in(String name, int world, boolean resume, Interrupt[] interrupts, Disturbed how)
            throws Exception {
        Path path = directory.resolve(name);
        TrainConfig config = config(resume);
        return ThreadCollective.each(ThreadCollective.group(world), learners -> {
            RunDirectory run = null;
            try {
                if (learners.rank() == 0) {
                    run = RunDirectory.open(path, config.runSpec("objective: toy\n", Map.of("objective", "toy")));
                }
                RunStore store = run == null ? SharedStore.ofOther(path, learners) : SharedStore.ofFirst(run, learners);
                LoopSetting setting =
                        new LoopSetting(store, interrupts[learners.rank()], TrainListener.none(), List.of(), () -> 0);
                how.loop(learners, run().model(), setting.among(learners)).run();
                return Optional.empty();
            } catch (RuntimeException | Mortal.Killed e) {
                return Optional.of(e);
            } finally {
                if (run != null) {
                    run.close();
                }
            }
        });
    }

    private static Interrupt[] none(int world) {
        Interrupt[] interrupts = new Interrupt[world];
        for (int i = 0; i < world; i++) {
            interrupts[i] = new Interrupt();
        }
        return interrupts;
    }

    private void assertResumedAsUndisturbed(String name, int world) throws Exception {
        assertThat(in(name, world, true, none(world), LearnersTest::undisturbed))
                .containsOnly(Optional.empty());
        if (!Files.exists(directory.resolve("whole"))) {
            assertThat(in("whole", world, false, none(world), LearnersTest::undisturbed))
                    .containsOnly(Optional.empty());
        }
        for (String file : List.of("metrics.jsonl", "model/table.bin")) {
            assertThat(directory.resolve(name).resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("whole").resolve(file));
        }
    }

    @Test
    void stop_ofAnyLearner_stopsAllAfterTheSameStep() throws Exception {
        Interrupt[] interrupts = none(3);
        List<Optional<Throwable>> ends = in(
                "stopped",
                3,
                false,
                interrupts,
                (learners, model, setting) -> run().loop(model, setting.hearing(new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        if (step.step() == 5 && learners.rank() == 1) {
                            interrupts[1].request();
                        }
                    }
                })));
        assertThat(ends)
                .allSatisfy(end -> assertThat(end.orElseThrow())
                        .isInstanceOf(InterruptedRunException.class)
                        .hasMessageContaining("interrupted after step 5 of 9"));
        assertThat(ends.get(0).orElseThrow()).hasMessageContaining("continue with resume=true");
        assertResumedAsUndisturbed("stopped", 3);
    }

    /** A learner that is gone ends the step for the others, at whatever moment of its life it goes. */
    @Test
    void death_ofALearnerAtAnyMoment_endsTheOthersAndResumes() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 10; trial++) {
            int moment = random.nextInt(2, 70);
            int mortal = trial % 3;
            String name = "killed-" + moment + "-of-" + mortal + "-" + trial;
            List<Optional<Throwable>> ends = in(name, 3, false, none(3), (learners, model, setting) -> {
                Trainable own = learners.rank() == mortal ? new Mortal(model, moment) : model;
                return run().loop(own, setting);
            });
            if (ends.get(mortal).isEmpty()) {
                continue; // it outlived the run
            }
            assertThat(ends.get(mortal).orElseThrow()).isInstanceOf(Mortal.Killed.class);
            for (int rank = 0; rank < 3; rank++) {
                if (rank != mortal && ends.get(rank).isPresent()) { // the last moments concern nobody else
                    assertThat(ends.get(rank).orElseThrow())
                            .as(name)
                            .isInstanceOf(LostLearnerException.class)
                            .hasMessageContaining("step ")
                            .hasMessageMatching("(?s).*(resume=true|nothing saved).*");
                }
            }
            assertResumedAsUndisturbed(name, 3);
        }
    }

    private static Pass<Demonstration> disturbed(
            Pass<Demonstration> pass, UnaryOperator<Pass.Contribution> disturbance) {
        return new Pass<>() {
            @Override
            public void pack(Demonstration row, PackedBatch.Builder into) {
                pass.pack(row, into);
            }

            @Override
            public Contribution run(List<Demonstration> rows, PackedBatch batch, Totals step) {
                return disturbance.apply(pass.run(rows, batch, step));
            }
        };
    }

    @Test
    void failure_ofOneLearner_isToldToAllAndSaved() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        List<Optional<Throwable>> ends = in(
                "failed",
                2,
                false,
                none(2),
                (learners, model, setting) -> run().loop(
                                model,
                                setting,
                                pass -> disturbed(pass, found -> {
                                    if (learners.rank() == 1 && passes.incrementAndGet() == 7) {
                                        throw new IllegalStateException("out of memory");
                                    }
                                    return found;
                                })));
        assertThat(ends.get(1).orElseThrow()).isInstanceOf(IllegalStateException.class);
        assertThat(ends.get(0).orElseThrow())
                .isInstanceOf(LearnerFailedException.class)
                .hasMessage("learner 1: out of memory");
        assertThat(directory.resolve("failed/checkpoints/step-3")).exists();
        assertResumedAsUndisturbed("failed", 2);
    }

    /** By so little that losses do not show it. */
    @Test
    void weightsThatDiffer_endAll_withoutACheckpoint() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        List<Optional<Throwable>> ends = in(
                "damaged",
                3,
                false,
                none(3),
                (learners, model, setting) -> run().loop(
                                model,
                                setting,
                                pass -> disturbed(pass, found -> {
                                    if (learners.rank() == 2 && passes.incrementAndGet() == 4) {
                                        model.damage();
                                    }
                                    return found;
                                })));
        assertThat(ends)
                .allSatisfy(end -> assertThat(end.orElseThrow())
                        .isInstanceOf(LearnerFailedException.class)
                        .hasMessageStartingWith("after step 4 the weights of learners [2] are not those of learner 0"));
        assertThat(directory.resolve("damaged/checkpoints/step-2")).exists();
        assertThat(directory.resolve("damaged/checkpoints/step-4")).doesNotExist();
        assertResumedAsUndisturbed("damaged", 3);
    }

    /** Neither learner knows more than one of its two means. */
    @Test
    void metric_differenceOfMeans_isThatOfAllLearners() throws Exception {
        List<List<StepMetrics>> all = ThreadCollective.each(ThreadCollective.group(2), learners -> {
            Metric nothing = Metric.mean(0, 0);
            Metric margin = learners.rank() == 0
                    ? Metric.difference(Metric.mean(6, 2), nothing)
                    : Metric.difference(nothing, Metric.mean(1, 1));
            List<StepMetrics> steps = new ArrayList<>();
            LoopSetting setting = new LoopSetting(RunStore.none(), new Interrupt(), into(steps), List.of(), () -> 0);
            run().loop(
                            run().model(),
                            setting.among(learners),
                            pass -> disturbed(
                                    pass, found -> new Pass.Contribution(found.loss(), Map.of("margin", margin))))
                    .run();
            return steps;
        });
        assertThat(all)
                .allSatisfy(steps -> assertThat(steps)
                        .hasSize(9)
                        .extracting(step -> step.metrics().get("margin"))
                        .containsOnly(2.0));
    }

    @Test
    void lossThatIsNotFinite_onOneLearner_endsAll() throws Exception {
        List<Optional<Throwable>> ends = in("diverged", 2, false, none(2), (learners, model, setting) -> {
            return run().loop(
                            model,
                            setting,
                            pass -> disturbed(
                                    pass,
                                    found -> learners.rank() == 1
                                            ? new Pass.Contribution(Double.NaN, found.metrics())
                                            : found));
        });
        assertThat(ends)
                .allSatisfy(end -> assertThat(end.orElseThrow())
                        .isInstanceOf(DivergedException.class)
                        .hasMessageContaining("learner 1: step 1: loss is NaN on rows ["));
    }

    @Test
    void resume_withAnotherNumberOfLearners_isRefusedOnAll() throws Exception {
        Interrupt[] interrupts = none(2);
        in(
                "world",
                2,
                false,
                interrupts,
                (learners, model, setting) -> run().loop(model, setting.hearing(new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        interrupts[0].request();
                    }
                })));
        List<Optional<Throwable>> ends = in("world", 3, true, none(3), LearnersTest::undisturbed);
        assertThat(ends.get(0).orElseThrow())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.learners: was 2, is 3");
        assertThat(ends.get(1).orElseThrow())
                .isInstanceOf(LearnerFailedException.class)
                .hasMessageStartingWith("learner 0: ")
                .hasMessageContaining("data.learners: was 2, is 3");
    }

    @Test
    void evaluation_ofLearnerZero_countsForAll() throws Exception {
        List<Map<String, Double>> seen = ThreadCollective.each(ThreadCollective.group(3), learners -> {
            Evaluator own = () -> Optional.of(Map.of("eval_loss", (double) learners.rank()));
            return SharedEvaluator.of(own, learners).measure().orElseThrow();
        });
        assertThat(seen).containsOnly(Map.of("eval_loss", 0.0));
        assertThatThrownBy(() -> ThreadCollective.each(ThreadCollective.group(2), learners -> {
                    Evaluator own = () -> {
                        throw new IllegalStateException("no scorer");
                    };
                    Evaluator mine = learners.rank() == 0 ? own : Optional::empty;
                    return SharedEvaluator.of(mine, learners).measure();
                }))
                .hasMessageContaining("no scorer");
        assertThat(ThreadCollective.each(ThreadCollective.group(2), learners -> {
                    Evaluator own = () -> {
                        throw new IllegalStateException("no memory");
                    };
                    Evaluator mine = learners.rank() == 0 ? () -> Optional.of(Map.of("eval_loss", 2.0)) : own;
                    return SharedEvaluator.of(mine, learners).measure().orElseThrow();
                }))
                .containsOnly(Map.of("eval_loss", 2.0));
    }
}
