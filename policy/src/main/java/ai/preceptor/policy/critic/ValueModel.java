package ai.preceptor.policy.critic;

import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.learners.GatheredState;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A decoder with a scalar head as the critic, read before each token, with AdamW. What it saves is a reward model's
 * directory, so a checkpoint's can be another run's {@code value_model}.
 */
public final class ValueModel implements Critic, GatheredState {
    private final RewardBackbone model;
    private final OptimizedModel optimized;

    /**
     * @param model one head, loaded as trainable; closed with this
     * @param companions where its tokenizer and chat template lie, which are saved with it
     * @param config its optimizer's decay rates
     */
    public ValueModel(RewardBackbone model, ModelFiles companions, TrainConfig config) {
        this.model = model;
        this.optimized = OptimizedModel.of(model, companions, config);
    }

    @Override
    public String name() {
        return "value_model";
    }

    @Override
    public float[] values(PackedBatch batch) {
        return model.rewards(batch);
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        return optimized.forward(batch);
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {
        optimized.join(learners, dividesOptimizer);
    }

    @Override
    public void gather(Collective learners) {
        optimized.gather(learners);
    }

    @Override
    public void release() {
        optimized.release();
    }

    @Override
    public void sumGradients(Collective learners) {
        optimized.sumGradients(learners);
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        return optimized.step(learningRate, maxGradNorm);
    }

    @Override
    public byte[] digest() {
        return optimized.digest();
    }

    @Override
    public double gradientNorm() {
        return optimized.gradientNorm();
    }

    @Override
    public void discardGradients() {
        optimized.discardGradients();
    }

    @Override
    public Optional<String> brokenWeights() {
        return optimized.brokenWeights();
    }

    @Override
    public long stateBytes() {
        return optimized.stateBytes();
    }

    @Override
    public long modelBytes() {
        return optimized.modelBytes();
    }

    @Override
    public void saveModel(Path directory) {
        optimized.saveModel(directory);
    }

    @Override
    public void saveState(Path checkpoint) {
        optimized.saveState(checkpoint);
    }

    @Override
    public void loadState(Path checkpoint) {
        optimized.loadState(checkpoint);
    }

    @Override
    public void close() {
        optimized.close();
        model.close();
    }
}
