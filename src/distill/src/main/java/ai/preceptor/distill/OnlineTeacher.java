package ai.preceptor.distill;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.learners.GatheredState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Online distillation: the teacher is trained on the rows' own tokens while the student is trained on the teacher's
 * distributions, both on the same micro-batches and with one optimizer step each. Gou et al. 2021, Knowledge
 * Distillation: A Survey, arXiv:2006.05525, section 4.2; without the student's lessons to the teacher that mutual
 * learning adds.
 *
 * <p>It is the student's pass with the teacher's added, and the student's model with the teacher's beside it: what the loop
 * trains is both. {@code grad_norm} is the student's; {@code teacher_loss} the teacher's loss, nats per token.
 */
public final class OnlineTeacher implements Pass<TokenRow>, Trainable, GatheredState {
    private static final String DIRECTORY = "teacher";

    private final Pass<TokenRow> pass;
    private final Trainable student;
    private final Trainable teacher;
    private final double rateFactor;

    /**
     * @param pass of the student, whose distributions come from the teacher as it is in this step
     * @param rateFactor the teacher's learning rate as a multiple of the student's, 0 or more
     */
    public OnlineTeacher(Pass<TokenRow> pass, Trainable student, Trainable teacher, double rateFactor) {
        this.pass = pass;
        this.student = student;
        this.teacher = teacher;
        this.rateFactor = rateFactor;
    }

    @Override
    public void pack(TokenRow row, PackedBatch.Builder into) {
        pass.pack(row, into);
    }

    @Override
    public Contribution run(List<TokenRow> rows, PackedBatch batch, Totals step) {
        Contribution learnt = pass.run(rows, batch, step);
        Map<String, Metric> metrics = new LinkedHashMap<>(learnt.metrics());
        try (ForwardPass own = teacher.forward(batch)) {
            float[] logprobs = own.outputs();
            float[] gradient = new float[logprobs.length];
            Arrays.fill(gradient, (float) (-1.0 / step.tokens()));
            own.backward(gradient);
            metrics.put("teacher_loss", Metric.mean(-new Span(0, logprobs.length).sum(logprobs), logprobs.length));
        }
        return new Contribution(learnt.loss(), metrics);
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        return student.forward(batch);
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {
        student.join(learners, dividesOptimizer);
        teacher.join(learners, dividesOptimizer);
    }

    @Override
    public void gather(Collective learners) {
        GatheredState.gather(student, learners);
        GatheredState.gather(teacher, learners);
    }

    @Override
    public void release() {
        GatheredState.release(student);
        GatheredState.release(teacher);
    }

    @Override
    public void sumGradients(Collective learners) {
        student.sumGradients(learners);
        teacher.sumGradients(learners);
    }

    /**
     * Steps both, or neither if one gradient is not finite.
     *
     * @param learningRate the student's
     * @return the norm of the student's gradient, or of the teacher's if that is the one that is not finite
     */
    @Override
    public double step(double learningRate, double maxGradNorm) {
        for (Trainable one : List.of(student, teacher)) {
            double norm = one.gradientNorm();
            if (!Double.isFinite(norm)) {
                discardGradients();
                return norm;
            }
        }
        double norm = student.step(learningRate, maxGradNorm);
        teacher.step(rateFactor * learningRate, maxGradNorm);
        return norm;
    }

    /** Of both: learners that agree on the student may have another teacher. */
    @Override
    public byte[] digest() {
        byte[] first = student.digest();
        byte[] second = teacher.digest();
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** The student's. */
    @Override
    public double gradientNorm() {
        return student.gradientNorm();
    }

    @Override
    public void discardGradients() {
        student.discardGradients();
        teacher.discardGradients();
    }

    @Override
    public Optional<String> brokenWeights() {
        return student.brokenWeights().or(() -> teacher.brokenWeights().map(broken -> "teacher: " + broken));
    }

    @Override
    public long stateBytes() {
        return student.stateBytes() + teacher.stateBytes();
    }

    @Override
    public long modelBytes() {
        return student.modelBytes();
    }

    @Override
    public void saveModel(Path directory) {
        student.saveModel(directory);
    }

    @Override
    public void saveState(Path checkpoint) {
        student.saveState(checkpoint);
        try {
            teacher.saveState(Files.createDirectories(checkpoint.resolve(DIRECTORY)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        student.loadState(checkpoint);
        teacher.loadState(checkpoint.resolve(DIRECTORY));
    }
}
