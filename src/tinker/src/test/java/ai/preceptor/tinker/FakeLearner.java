package ai.preceptor.tinker;

import java.nio.file.Path;

/** The model of a {@link FakeTinker}: one adapter with its optimizer. */
public interface FakeLearner {
    /** Log-probabilities of targets, each after the tokens up to its own place. */
    float[] logprobs(int[] tokens, int[] targets);

    /** Adds the gradient of a loss to those since the last step, given its derivative by each of the log-probabilities. */
    void addGradient(int[] tokens, int[] targets, float[] derivative);

    /** A step of AdamW without clipping; returns the gradient's norm. */
    double step(double learningRate);

    /** Writes weights and optimizer. */
    void save(Path directory);

    void load(Path directory);

    /** Writes {@code adapter_model.safetensors}. */
    void export(Path directory);
}
