package ai.preceptor.train;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import java.nio.file.Path;
import java.util.Arrays;

/** A reward a token id: the reward of an answer is that of its last token. Starts at 0 and never moves. */
final class ToyScalarModel implements Trainable {

    private final float[] rewards = new float[4];
    private final double[] collected = new double[4];

    /** The gradients of the last step. */
    double[] gradients = new double[4];

    @Override
    public ForwardPass forward(PackedBatch batch) {
        int[] lastTokens =
                Arrays.stream(batch.sources()).map(row -> batch.tokens()[row]).toArray();
        return new ForwardPass() {
            @Override
            public float[] outputs() {
                float[] of = new float[lastTokens.length];
                for (int i = 0; i < of.length; i++) {
                    of[i] = rewards[lastTokens[i]];
                }
                return of;
            }

            @Override
            public void backward(float[] gradient) {
                for (int i = 0; i < gradient.length; i++) {
                    collected[lastTokens[i]] += gradient[i];
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        gradients = collected.clone();
        discardGradients();
        return 1;
    }

    @Override
    public double gradientNorm() {
        return 1;
    }

    @Override
    public void discardGradients() {
        Arrays.fill(collected, 0);
    }

    @Override
    public long stateBytes() {
        return 0;
    }

    @Override
    public long modelBytes() {
        return 0;
    }

    @Override
    public void saveState(Path checkpoint) {}

    @Override
    public void loadState(Path checkpoint) {}

    @Override
    public void saveModel(Path directory) {}
}
