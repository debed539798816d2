package ai.preceptor.train.toy;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.Trainable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A toy model whose process dies at the n-th of the moments that it passes: before and after each forward, backward,
 * step, line of metrics, checkpoint and file of one. Death is an Error that nothing catches, so no clean-up runs.
 */
public final class Mortal implements Trainable, TrainListener {

    /** The end of a process. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final ToyModel model;
    private int left;

    /** Dies at moment {@code left}, the first being 1; lives on when it never comes to that. */
    public Mortal(ToyModel model, int left) {
        this.model = model;
        this.left = left;
    }

    private void moment() {
        if (--left == 0) {
            throw new Killed();
        }
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        moment();
        ForwardPass forward = model.forward(batch);
        return new ForwardPass() {
            @Override
            public float[] outputs() {
                return forward.outputs();
            }

            @Override
            public void backward(float[] gradient) {
                forward.backward(gradient);
                moment();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {}

    @Override
    public void sumGradients(Collective learners) {
        moment();
        model.sumGradients(learners);
        moment();
    }

    @Override
    public byte[] digest() {
        return model.digest();
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        double norm = model.step(learningRate, maxGradNorm);
        moment();
        return norm;
    }

    @Override
    public double gradientNorm() {
        return model.gradientNorm();
    }

    @Override
    public void discardGradients() {
        model.discardGradients();
    }

    @Override
    public long stateBytes() {
        return model.stateBytes();
    }

    @Override
    public long modelBytes() {
        return model.modelBytes();
    }

    @Override
    public void saveState(Path checkpoint) {
        moment();
        model.saveState(checkpoint);
        try {
            byte[] optimizer = Files.readAllBytes(checkpoint.resolve("optimizer.bin"));
            Files.write(checkpoint.resolve("optimizer.bin"), new byte[optimizer.length / 2]);
            moment();
            Files.write(checkpoint.resolve("optimizer.bin"), optimizer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        moment();
    }

    @Override
    public void loadState(Path checkpoint) {
        model.loadState(checkpoint);
        moment();
    }

    @Override
    public void saveModel(Path directory) {
        moment();
        model.saveModel(directory);
        moment();
    }

    @Override
    public void onStep(StepMetrics step) {
        moment();
    }

    @Override
    public void onCheckpoint(int step, Path checkpoint) {
        moment();
    }
}
