package ai.preceptor.distill;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.PackedBatch;
import ai.preceptor.lm.TeacherRows;
import ai.preceptor.lm.weights.Checkpoint;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.Stateful;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Self-distillation: the teacher is the student as it was, following it slowly.
 *
 * <p>After every step {@code teacher = decay * teacher + (1 - decay) * student}; with {@code decay} 1 the teacher stays the
 * student that training began with. Tarvainen and Valpola 2017, Mean teachers, arXiv:1703.01780, section 2, without its
 * consistency noise.
 */
public final class SlowTeacher implements DistributionSource, TrainListener, Stateful {
    private static final String DIRECTORY = "slow-teacher";

    private final LanguageModel teacher;
    private final LanguageModel student;
    private final double decay;

    /**
     * @param teacher of the student's own configuration and weights; somebody else closes it
     * @param decay in [0, 1]
     * @throws IllegalArgumentException unless {@code decay} is in its range
     */
    public SlowTeacher(LanguageModel teacher, LanguageModel student, double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException("ema_decay: received " + decay + ", legal: [0, 1]");
        }
        this.teacher = teacher;
        this.student = student;
        this.decay = decay;
    }

    @Override
    public TeacherRows of(List<TokenRow> rows, PackedBatch batch, int[] layers) {
        return teacher.teach(batch, layers);
    }

    @Override
    public void onStep(StepMetrics step) {
        if (decay < 1) {
            teacher.follow(student, decay);
        }
    }

    @Override
    public void saveState(Path checkpoint) {
        if (decay < 1) {
            try {
                teacher.save(Files.createDirectories(checkpoint.resolve(DIRECTORY)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        if (decay < 1) {
            try (Checkpoint weights = Checkpoint.open(checkpoint.resolve(DIRECTORY))) {
                teacher.parameters().load(weights);
            }
        }
    }
}
