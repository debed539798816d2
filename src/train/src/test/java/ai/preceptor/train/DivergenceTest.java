package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.Stateful;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.toy.LetterEncoder;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyObjective;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss or gradient that is not finite ends the run with the state before it saved. */
class DivergenceTest {

    @TempDir
    Path folder;

    private final TrainConfig config = TrainConfig.builder()
            .batchSize(2)
            .gradientAccumulationSteps(2)
            .maxSteps(6)
            .saveSteps(0)
            .shuffle(false)
            .lrSchedulerType(LrSchedulerType.CONSTANT)
            .learningRate(0.05)
            .resume(true)
            .build();
    private final ToyRun run = new ToyRun(config, ToyRows.make(12, 3), 0);

    /** Rows 0 to 3, 4 to 7, then 8 to 11 in two micro-batches: the third step's second has rows 10 and 11. */
    @Test
    void run_lossNotANumber_namesStepRowsValueAndSaves() {
        ToyModel model = run.model();
        assertThatThrownBy(() -> runWith(model, new Poisoned(toyPass(model), 6, Double.NaN)))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 3: loss is NaN on rows [10, 11]")
                .hasMessageContaining("step-2");
        assertGoesOnAsIfNothingHappened(model, 2);
    }

    /** The loss may look well when a derivative does not; the optimizer's norm tells. */
    @Test
    void run_gradientInfinite_namesTheStepsRowsAndSaves() {
        ToyModel model = run.model();
        Pass<Demonstration> pass = toyPass(model);
        Pass<Demonstration> overflowing = new Pass<>() {
            private int runs;

            @Override
            public void pack(Demonstration row, PackedBatch.Builder into) {
                pass.pack(row, into);
            }

            @Override
            public Contribution run(List<Demonstration> rows, PackedBatch batch, Totals step) {
                Contribution fine = pass.run(rows, batch, step);
                if (++runs == 3) {
                    float[] gradient = new float[batch.targets().length];
                    gradient[0] = Float.POSITIVE_INFINITY;
                    model.forward(batch).backward(gradient);
                }
                return fine;
            }
        };
        assertThatThrownBy(() -> runWith(model, overflowing))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 2: grad_norm is Infinity on rows [4, 5, 6, 7]")
                .hasMessageContaining("step-1");
        assertGoesOnAsIfNothingHappened(model, 1);
    }

    /** When the state cannot be saved either, both problems are told. */
    @Test
    void run_divergedOnAFullDisk_tellsBoth() {
        ToyModel model = run.model();
        try (RunDirectory directory = RunDirectory.open(folder, config.runSpec("", Map.of()))) {
            LoopSetting setting = LoopSetting.of(directory, new Interrupt(), TrainListener.none())
                    .with(new Stateful() {
                        @Override
                        public void saveState(Path checkpoint) {
                            throw new UncheckedIOException(new IOException("No space left on device"));
                        }

                        @Override
                        public void loadState(Path checkpoint) {}
                    });
            Pass<Demonstration> pass = new Poisoned(toyPass(model), 3, Double.POSITIVE_INFINITY);
            assertThatThrownBy(() -> new TrainLoop<>(config, model, pass, run.source(), setting).run())
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("step 2: loss is Infinity on rows [4, 5]")
                    .hasMessageContaining("nothing saved")
                    .hasMessageContaining("no space left on the device");
        }
    }

    private void runWith(ToyModel model, Pass<Demonstration> pass) {
        try (RunDirectory directory = RunDirectory.open(folder, config.runSpec("", Map.of()))) {
            LoopSetting setting = LoopSetting.of(directory, new Interrupt(), TrainListener.none());
            new TrainLoop<>(config, model, pass, run.source(), setting).run();
        }
    }

    private void assertGoesOnAsIfNothingHappened(ToyModel stopped, int atStep) {
        ToyModel straight = run.model();
        run.inMemory(straight, TrainListener.none());
        assertThat(stopped.gradients()).containsOnly(0);
        ToyModel resumed = run.model();
        runWith(resumed, toyPass(resumed));
        assertThat(resumed.parameters()).as("resumed at step %d", atStep).containsExactly(straight.parameters());
    }

    private static Pass<Demonstration> toyPass(ToyModel model) {
        return new ObjectivePass<>(model, new LetterEncoder(ToyRun.VOCABULARY), new ToyObjective(0), null);
    }

    /** Reports {@code loss} at the n-th micro-batch. */
    private static final class Poisoned implements Pass<Demonstration> {
        private final Pass<Demonstration> pass;
        private final double loss;
        private int left;

        Poisoned(Pass<Demonstration> pass, int left, double loss) {
            this.pass = pass;
            this.left = left;
            this.loss = loss;
        }

        @Override
        public void pack(Demonstration row, PackedBatch.Builder into) {
            pass.pack(row, into);
        }

        @Override
        public Contribution run(List<Demonstration> rows, PackedBatch batch, Totals step) {
            Contribution fine = pass.run(rows, batch, step);
            return --left == 0 ? new Contribution(loss, fine.metrics()) : fine;
        }
    }
}
