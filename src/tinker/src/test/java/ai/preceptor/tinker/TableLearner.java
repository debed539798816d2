package ai.preceptor.tinker;

import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A learner of one number for each token, whose softmax is the distribution of every position; its steps are plain descent. */
public final class TableLearner implements FakeLearner {
    private final double[] logits;
    private final double[] gradient;
    private final int rank;

    public TableLearner(int vocabulary, int rank) {
        this.logits = new double[vocabulary];
        this.gradient = new double[vocabulary];
        this.rank = rank;
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = i % 7 * 0.1;
        }
    }

    private double[] probabilities() {
        double sum = Arrays.stream(logits).map(Math::exp).sum();
        return Arrays.stream(logits).map(value -> Math.exp(value) / sum).toArray();
    }

    @Override
    public float[] logprobs(int[] tokens, int[] targets) {
        double[] probabilities = probabilities();
        float[] values = new float[targets.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.log(probabilities[targets[i]]);
        }
        return values;
    }

    @Override
    public void addGradient(int[] tokens, int[] targets, float[] derivative) {
        double[] probabilities = probabilities();
        for (int i = 0; i < targets.length; i++) {
            gradient[targets[i]] += derivative[i];
            for (int token = 0; token < gradient.length; token++) {
                gradient[token] -= derivative[i] * probabilities[token];
            }
        }
    }

    @Override
    public double step(double learningRate) {
        double norm =
                Math.sqrt(Arrays.stream(gradient).map(value -> value * value).sum());
        for (int i = 0; i < logits.length; i++) {
            logits[i] -= learningRate * gradient[i];
            gradient[i] = 0;
        }
        return norm;
    }

    @Override
    public void save(Path directory) {
        byte[] bytes = new byte[Double.BYTES * logits.length];
        ByteBuffer.wrap(bytes).asDoubleBuffer().put(logits);
        try {
            Files.write(directory.resolve("table"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void load(Path directory) {
        try {
            ByteBuffer.wrap(Files.readAllBytes(directory.resolve("table")))
                    .asDoubleBuffer()
                    .get(logits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void export(Path directory) {
        String module = "base_model.model.model.layers.0.self_attn.q_proj.";
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        tensors.put(module + "lora_A.weight", zeros(rank, 4));
        tensors.put(module + "lora_B.weight", zeros(4, rank));
        SafetensorsWriter.write(directory.resolve("adapter_model.safetensors"), tensors, SafetensorsWriter.PYTORCH);
    }

    static TensorData zeros(long rows, long columns) {
        return TensorData.bytes(
                DType.F32,
                new long[] {rows, columns},
                () -> ByteBuffer.allocate((int) (Float.BYTES * rows * columns)).order(ByteOrder.LITTLE_ENDIAN));
    }
}
