package ai.preceptor.train.toy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Pass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.reference.PrecomputedReference;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.Packer;
import ai.preceptor.train.rows.TrainingRows;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One process's life: a fresh toy model trained on toy rows under a config. What a test wants to disturb, it replaces.
 *
 * @param rows of letters
 * @param pull of the reference, see {@link ToyObjective}
 */
public record ToyRun(TrainConfig config, List<Demonstration> rows, double pull) {

    public static final int VOCABULARY = 16;

    /** As the model is before training. */
    public ToyModel model() {
        return new ToyModel(VOCABULARY, 0.01, 7);
    }

    /** Trains {@code model} and keeps nothing on disk. */
    public TrainSummary inMemory(Trainable model, TrainListener listener) {
        return loop(model, LoopSetting.of(RunStore.none(), new Interrupt(), listener))
                .run();
    }

    /** Trains {@code model} in the run directory {@code path}. The clock stands still, so that runs are alike. */
    public TrainSummary in(Path path, Trainable model, Interrupt interrupt, TrainListener listener) {
        try (RunDirectory run =
                RunDirectory.open(path, config.runSpec("objective: toy\n", Map.of("objective", "toy")))) {
            return loop(model, new LoopSetting(run, interrupt, listener, List.of(), () -> 0))
                    .run();
        }
    }

    /** The loop over {@code model}; the reference is the model before training. */
    public TrainLoop<Demonstration> loop(Trainable model, LoopSetting setting) {
        return loop(model, setting, pass -> pass);
    }

    /** The same with a disturbance of the pass. */
    public TrainLoop<Demonstration> loop(
            Trainable model, LoopSetting setting, UnaryOperator<Pass<Demonstration>> disturbed) {
        LetterEncoder encoder = new LetterEncoder(VOCABULARY);
        ToyObjective objective = new ToyObjective(pull);
        PrecomputedReference<Demonstration> reference =
                PrecomputedReference.compute(rows, packer(), config.batchSize(), model());
        Pass<Demonstration> pass = new ObjectivePass<>(model, encoder, objective, reference);
        return new TrainLoop<>(config, model, disturbed.apply(pass), source(), setting);
    }

    /** The rows, as the config wants them walked. */
    public EpochRows<Demonstration> source() {
        TrainingRows<Demonstration> fit = TrainingRows.measure(rows, packer(), config.maxLength(), config.overLength());
        return new EpochRows<>(
                fit, config.batchSize(), config.gradientAccumulationSteps(), config.shuffle(), config.seed());
    }

    private Packer<Demonstration> packer() {
        LetterEncoder encoder = new LetterEncoder(VOCABULARY);
        return (row, into) -> new ToyObjective(pull).pack(row, encoder, into);
    }
}
