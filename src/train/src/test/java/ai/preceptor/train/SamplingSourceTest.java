package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.toy.LetterEncoder;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyObjective;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source that takes its time, or fails for good. */
class SamplingSourceTest {

    @TempDir
    Path folder;

    private final TrainConfig config = TrainConfig.builder()
            .batchSize(2)
            .maxSteps(5)
            .saveSteps(100)
            .resume(true)
            .build();
    private final ToyRun toy = new ToyRun(config, ToyRows.make(8, 3), 0);
    private final AtomicLong clock = new AtomicLong();

    @Test
    void run_sourceFailsForGood_keepsWhatWasLearnt() {
        assertThatThrownBy(() -> train(3, setting(folder)))
                .isInstanceOf(TeacherException.class)
                .hasMessage("step 3: the teacher is gone");
        assertThat(folder.resolve("checkpoints/step-3")).exists();
        List<Integer> steps = train(100, setting(folder));
        assertThat(steps).containsExactly(4, 5);
    }

    @Test
    void run_sourceFailsAtOnce_leavesNoCheckpoint() {
        assertThatThrownBy(() -> train(0, setting(folder))).isInstanceOf(TeacherException.class);
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }

    /** It measures the model with a scorer that is gone. */
    @Test
    void run_listenerFailsAfterAStep_keepsWhatWasLearnt() {
        LoopSetting failing = setting(folder).hearing(new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                if (step.step() == 2) {
                    throw new TeacherException("the judge is gone");
                }
            }
        });
        assertThatThrownBy(() -> train(100, failing)).isInstanceOf(TeacherException.class);
        assertThat(folder.resolve("checkpoints/step-2")).exists();
        assertThat(train(100, setting(folder))).containsExactly(3, 4, 5);
    }

    /** A stop during sampling, which gives up: the run is not over, and goes on with that step. */
    @Test
    void run_sourceGivesUpSinceAStopWasAskedFor_isInterrupted() {
        LoopSetting stopped = setting(folder);
        assertThatThrownBy(() -> train(new GivingUp(toy.source(), stopped.interrupt()), stopped))
                .isInstanceOf(InterruptedRunException.class)
                .hasMessageContaining("interrupted after step 2 of 5");
        assertThat(folder.resolve("model")).doesNotExist();
        assertThat(train(100, setting(folder))).containsExactly(3, 4, 5);
    }

    /** The source takes two seconds. */
    @Test
    void run_stepTime_includesTheSource() {
        List<Double> times = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                times.add(step.stepTime());
            }
        };
        train(100, new LoopSetting(RunStore.none(), new Interrupt(), listener, List.of(), clock::get));
        assertThat(times).containsExactly(2.0, 2.0, 2.0, 2.0, 2.0);
    }

    private static LoopSetting setting(Path output) {
        RunDirectory run = RunDirectory.open(
                output, TrainConfig.builder().resume(true).build().runSpec("", Map.of()));
        return new LoopSetting(run, new Interrupt(), TrainListener.none(), List.of(), () -> 0);
    }

    private List<Integer> train(int lastStep, LoopSetting setting) {
        return train(new Slow(toy.source(), lastStep, clock), setting);
    }

    private List<Integer> train(RowSource<Demonstration> source, LoopSetting setting) {
        List<Integer> steps = new ArrayList<>();
        ToyModel model = toy.model();
        ObjectivePass<Demonstration> pass = new ObjectivePass<>(
                model, new LetterEncoder(ToyRun.VOCABULARY), new ToyObjective(0), (rows, batch) -> new float[0]);
        TrainListener counting = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step.step());
            }
        };
        LoopSetting heard = new LoopSetting(
                setting.store(),
                setting.interrupt(),
                TrainListener.all(List.of(setting.listener(), counting)),
                List.of(),
                setting.nanoClock());
        try {
            new TrainLoop<>(config, model, pass, source, heard).run();
        } finally {
            if (setting.store() instanceof RunDirectory run) {
                run.close();
            }
        }
        return steps;
    }

    /** Takes two seconds a step, until it fails. */
    private record Slow(EpochRows<Demonstration> rows, int lastStep, AtomicLong clock)
            implements RowSource<Demonstration> {
        @Override
        public StepRows<Demonstration> at(int step) {
            if (step >= lastStep) {
                throw new TeacherException("step " + step + ": the teacher is gone");
            }
            clock.addAndGet(2_000_000_000L);
            return rows.at(step);
        }

        @Override
        public int stepsPerEpoch() {
            return rows.stepsPerEpoch();
        }
    }

    /** Is asked to stop while it samples for the third step. */
    private record GivingUp(EpochRows<Demonstration> rows, Interrupt interrupt) implements RowSource<Demonstration> {
        @Override
        public StepRows<Demonstration> at(int step) {
            if (step == 2) {
                interrupt.request();
                return StepRows.exhausted(0);
            }
            return rows.at(step);
        }

        @Override
        public int stepsPerEpoch() {
            return rows.stepsPerEpoch();
        }
    }
}
