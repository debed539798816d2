package ai.preceptor.train.toy;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.reference.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A real language model with exact gradients: a softmax over a table, {@code log p(next | current) =
 * logSoftmax(table[current])[next]}, trained by AdamW (Loshchilov and Hutter, 2019, algorithm 2) with decoupled decay,
 * all in double precision.
 */
public final class ToyModel implements Trainable, Reference.FrozenModel {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final int vocabulary;
    private final double weightDecay;
    private final double[] table;
    private final double[] gradients;
    private final double[] firstMoment;
    private final double[] secondMoment;
    private int steps;

    /** A table of {@code vocabulary} squared logits, uniform in [-1, 1). */
    public ToyModel(int vocabulary, double weightDecay, long seed) {
        this.vocabulary = vocabulary;
        this.weightDecay = weightDecay;
        this.table = new SplittableRandom(seed)
                .doubles(vocabulary * vocabulary, -1, 1)
                .toArray();
        this.gradients = new double[table.length];
        this.firstMoment = new double[table.length];
        this.secondMoment = new double[table.length];
    }

    /** The logits, row by row: the parameters. */
    public double[] parameters() {
        return table.clone();
    }

    /** Changes a parameter a little, as a defect of memory would. */
    public void damage() {
        table[0] += 1e-12;
    }

    /** The gradients collected since the last step. */
    public double[] gradients() {
        return gradients.clone();
    }

    @Override
    public float[] logprobs(PackedBatch batch) {
        float[] logprobs = new float[batch.targets().length];
        for (int i = 0; i < logprobs.length; i++) {
            logprobs[i] = (float) logSoftmax(batch.tokens()[batch.sources()[i]])[batch.targets()[i]];
        }
        return logprobs;
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        return new ForwardPass() {
            @Override
            public float[] outputs() {
                return logprobs(batch);
            }

            @Override
            public void backward(float[] gradient) {
                for (int i = 0; i < gradient.length; i++) {
                    int current = batch.tokens()[batch.sources()[i]];
                    double[] logprobs = logSoftmax(current);
                    for (int next = 0; next < vocabulary; next++) {
                        double oneHot = next == batch.targets()[i] ? 1 : 0;
                        gradients[current * vocabulary + next] += gradient[i] * (oneHot - Math.exp(logprobs[next]));
                    }
                }
            }

            @Override
            public void close() {}
        };
    }

    private double[] logSoftmax(int current) {
        double[] logits = Arrays.copyOfRange(table, current * vocabulary, (current + 1) * vocabulary);
        double largest = Arrays.stream(logits).max().orElseThrow();
        double normalizer = largest
                + Math.log(Arrays.stream(logits).map(x -> Math.exp(x - largest)).sum());
        return Arrays.stream(logits).map(x -> x - normalizer).toArray();
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {}

    @Override
    public void sumGradients(Collective learners) {
        learners.sum(gradients);
    }

    @Override
    public byte[] digest() {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * table.length);
        Arrays.stream(table).forEach(bytes::putDouble);
        return bytes.array();
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        double norm = gradientNorm();
        if (Double.isFinite(norm)) {
            steps++;
            double scale = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1;
            for (int i = 0; i < table.length; i++) {
                double gradient = gradients[i] * scale;
                firstMoment[i] = BETA1 * firstMoment[i] + (1 - BETA1) * gradient;
                secondMoment[i] = BETA2 * secondMoment[i] + (1 - BETA2) * gradient * gradient;
                double mean = firstMoment[i] / (1 - Math.pow(BETA1, steps));
                double variance = secondMoment[i] / (1 - Math.pow(BETA2, steps));
                table[i] -= learningRate * (mean / (Math.sqrt(variance) + EPSILON) + weightDecay * table[i]);
            }
        }
        discardGradients();
        return norm;
    }

    @Override
    public double gradientNorm() {
        return Math.sqrt(Arrays.stream(gradients).map(g -> g * g).sum());
    }

    @Override
    public void discardGradients() {
        Arrays.fill(gradients, 0);
    }

    @Override
    public long stateBytes() {
        return Double.BYTES * 3L * table.length + Integer.BYTES;
    }

    @Override
    public long modelBytes() {
        return (long) Double.BYTES * table.length;
    }

    @Override
    public void saveState(Path checkpoint) {
        write(checkpoint.resolve("table.bin"), table);
        write(checkpoint.resolve("optimizer.bin"), firstMoment, secondMoment, new double[] {steps});
    }

    @Override
    public void loadState(Path checkpoint) {
        read(checkpoint.resolve("table.bin"), table);
        double[] count = new double[1];
        read(checkpoint.resolve("optimizer.bin"), firstMoment, secondMoment, count);
        steps = (int) count[0];
        discardGradients();
    }

    @Override
    public void saveModel(Path directory) {
        write(directory.resolve("table.bin"), table);
    }

    private static void write(Path file, double[]... arrays) {
        ByteBuffer bytes = ByteBuffer.allocate(Arrays.stream(arrays)
                .mapToInt(array -> Double.BYTES * array.length)
                .sum());
        for (double[] array : arrays) {
            for (double value : array) {
                bytes.putDouble(value);
            }
        }
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path file, double[]... arrays) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            for (double[] array : arrays) {
                for (int i = 0; i < array.length; i++) {
                    array[i] = bytes.getDouble();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
