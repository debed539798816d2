package ai.preceptor.policy.critic;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** A critic of one's own: a value for the token that was read last, by gradient descent. */
public final class TableCritic implements Critic {
    private final double[] table;
    private final double[] gradients;
    private int steps;
    private boolean closed;

    /** All values are 0. */
    public TableCritic(int vocabulary) {
        table = new double[vocabulary];
        gradients = new double[vocabulary];
    }

    /** Steps made. */
    public int steps() {
        return steps;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public float[] values(PackedBatch batch) {
        float[] values = new float[batch.targets().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) table[batch.tokens()[batch.sources()[i]]];
        }
        return values;
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        float[] values = values(batch);
        return new ForwardPass() {
            @Override
            public float[] outputs() {
                return values;
            }

            @Override
            public void backward(float[] gradient) {
                for (int i = 0; i < gradient.length; i++) {
                    gradients[batch.tokens()[batch.sources()[i]]] += gradient[i];
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        double norm = gradientNorm();
        if (Double.isFinite(norm)) {
            double scale = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (norm + 1e-6)) : 1;
            Arrays.setAll(table, i -> table[i] - learningRate * scale * gradients[i]);
            steps++;
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
        return 100;
    }

    @Override
    public long modelBytes() {
        return 10;
    }

    @Override
    public void saveModel(Path directory) {
        saveState(directory);
    }

    @Override
    public void saveState(Path checkpoint) {
        String text = DoubleStream.concat(DoubleStream.of(steps), Arrays.stream(table))
                .mapToObj(Double::toString)
                .collect(Collectors.joining("\n"));
        try {
            Files.writeString(checkpoint.resolve("table.txt"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        try {
            double[] read = Files.readAllLines(checkpoint.resolve("table.txt")).stream()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            steps = (int) read[0];
            System.arraycopy(read, 1, table, 0, table.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        discardGradients();
    }

    @Override
    public void close() {
        closed = true;
    }
}
