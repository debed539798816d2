package ai.preceptor.distill;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.setting.Range;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.TensorFile;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Self-distillation: the teacher is an exponential moving average of the student.
 *
 * <p>After every step {@code teacher = decay * teacher + (1 - decay) * student}; with {@code decay} 1 the teacher stays the
 * student that training began with. Tarvainen and Valpola 2017, Mean teachers, arXiv:1703.01780, section 2, without its
 * consistency noise.
 */
public final class EmaTeacher implements DistributionSource, TrainListener, Stateful {
    private static final String FILE = "slow_teacher.safetensors";

    private final LanguageModel teacher;
    private final LanguageModel student;
    private final double decay;

    /**
     * @param teacher loaded as the student was, with its weights, trainable where they are to be followed; somebody else
     *     closes it
     * @param decay in [0, 1]
     * @throws IllegalArgumentException unless {@code decay} is in its range
     */
    public EmaTeacher(LanguageModel teacher, LanguageModel student, double decay) {
        Range.require("ema_decay", decay, "[0, 1]");
        this.teacher = teacher;
        this.student = student;
        this.decay = decay;
    }

    @Override
    public TeacherDistributions of(List<TokenRow> rows, PackedBatch batch, Taps wanted) {
        return new ModelTeacher(teacher, 0).of(rows, batch, wanted);
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
            new TensorFile(teacher.parameters().torch()).write(checkpoint.resolve(FILE), weights());
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        if (decay < 1) {
            new TensorFile(teacher.parameters().torch()).readInto(checkpoint.resolve(FILE), weights());
            teacher.parameters().refreshCopies();
        }
    }

    /** What follows the student: weights, or its adapter, that are trained, by their place. */
    private Map<String, NDArray> weights() {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        for (Parameter block : teacher.parameters().trained()) {
            weights.put("trained." + weights.size(), block.values());
        }
        return weights;
    }
}
