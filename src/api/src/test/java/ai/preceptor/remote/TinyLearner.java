package ai.preceptor.remote;

import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.tinker.FakeLearner;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.Arrays;

/** What a service would have: a small model with an adapter of all linear modules, and AdamW without clipping. */
final class TinyLearner implements FakeLearner {
    private final LanguageModel model;
    private final OptimizedModel optimized;

    TinyLearner(Torch torch, Path directory, int rank, long seed, TrainConfig config) {
        model = LanguageModel.load(torch, directory, loading(rank, seed));
        optimized = OptimizedModel.of(model, new ModelFiles(directory), config);
    }

    /** How the same is loaded here. */
    static LoadOptions loading(int rank, long seed) {
        return LoadOptions.TRAINED.withLora(LoraConfig.of(rank, 32).withTargets(new TargetModules.AllLinear()), seed);
    }

    private static PackedBatch batch(int[] tokens, int[] targets) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {tokens[0]});
        builder.completion(targets);
        PackedBatch batch = builder.build();
        int[] fed = batch.tokens();
        System.arraycopy(tokens, 0, fed, 0, tokens.length); // targets need not be what is fed
        return batch;
    }

    @Override
    public float[] logprobs(int[] tokens, int[] targets) {
        return model.logprobs(batch(tokens, targets));
    }

    @Override
    public void addGradient(int[] tokens, int[] targets, float[] derivative) {
        try (ForwardPass pass = optimized.forward(batch(tokens, targets))) {
            pass.backward(Arrays.copyOf(derivative, targets.length));
        }
    }

    @Override
    public double step(double learningRate) {
        return optimized.step(learningRate, 0);
    }

    @Override
    public void save(Path directory) {
        optimized.saveState(directory);
    }

    @Override
    public void load(Path directory) {
        optimized.loadState(directory);
    }

    @Override
    public void export(Path directory) {
        model.save(directory);
    }
}
