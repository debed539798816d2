package ai.preceptor.train.model;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.TensorFile;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.learners.GatheredState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A language or reward model with AdamW.
 *
 * <p>A checkpoint of it is itself a model directory (configuration, float32 weights, tokenizer), which every other
 * command can read (of a model that trains an adapter: the adapter's directory), with the optimizer's moments in {@code optimizer.safetensors} and the number of its steps in
 * {@code optimizer_steps.txt}. The caller closes the model it gave; this closes the optimizer.
 */
public final class OptimizedModel implements Trainable, GatheredState, AutoCloseable {

    private static final String MOMENTS = "optimizer.safetensors";
    private static final String STEPS = "optimizer_steps.txt";
    private static final int WEIGHT_BYTES = 4;

    private final Parameters parameters;
    private final BiFunction<PackedBatch, Set<TokenStatistic>, ForwardPass> forward;
    private final Consumer<Path> save;
    private final Consumer<Path> restore;
    private final ModelFiles companions;
    private final AdamW optimizer;

    /** Owns {@code gathered}; null where nothing is. */
    private @Nullable Scope gathering;

    private Map<String, NDArray> gathered = Map.of();

    private OptimizedModel(
            Parameters parameters,
            BiFunction<PackedBatch, Set<TokenStatistic>, ForwardPass> forward,
            Consumer<Path> save,
            Consumer<Path> restore,
            ModelFiles companions,
            AdamWOptions options) {
        this.parameters = parameters;
        this.forward = forward;
        this.save = save;
        this.restore = restore;
        this.companions = companions;
        this.optimizer = new AdamW(parameters, options);
    }

    /**
     * A language model: its outputs are log-probabilities.
     *
     * @param model loaded as trainable
     * @param companions where its tokenizer and chat template lie, which are saved with it
     */
    public static OptimizedModel of(LanguageModel model, ModelFiles companions, TrainConfig config) {
        return of(model, companions, config, 1);
    }

    /**
     * The same whose outputs and statistics are those of {@code log_softmax(z / temperature)}.
     *
     * @param temperature divides the logits, above 0
     * @throws IllegalArgumentException if the temperature is not finite and above 0
     */
    public static OptimizedModel of(
            LanguageModel model, ModelFiles companions, TrainConfig config, double temperature) {
        LanguageModel.requireTemperature(temperature);
        return new OptimizedModel(
                model.parameters(),
                (batch, wanted) -> model.forward(batch, wanted, temperature),
                model::save,
                model::restore,
                companions,
                options(config));
    }

    /** A reward model: its outputs are rewards. Otherwise as for a language model. */
    public static OptimizedModel of(RewardBackbone model, ModelFiles companions, TrainConfig config) {
        return new OptimizedModel(
                model.parameters(),
                (batch, none) -> model.forward(batch),
                model::save,
                model::restore,
                companions,
                options(config));
    }

    private static AdamWOptions options(TrainConfig config) {
        return new AdamWOptions(config.adamBeta1(), config.adamBeta2(), config.adamEpsilon(), config.weightDecay());
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        return forward.apply(batch, Set.of());
    }

    @Override
    public ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted) {
        return forward.apply(batch, wanted);
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {
        parameters.shareUpdates(learners.rank(), learners.world());
        if (dividesOptimizer && learners.world() > 1) {
            optimizer.divide(learners);
        }
    }

    @Override
    public void gather(Collective learners) {
        if (optimizer.isDivided()) {
            release();
            Scope scope = parameters.torch().scope();
            gathering = scope;
            gathered = optimizer.gathered(scope);
        }
    }

    @Override
    public void release() {
        if (gathering != null) {
            gathering.close();
            gathering = null;
            gathered = Map.of();
        }
    }

    @Override
    public void sumGradients(Collective learners) {
        parameters.sumGradients(learners);
    }

    /** CRC-32C of each trained tensor. */
    @Override
    public byte[] digest() {
        List<Parameter> trained = parameters.trained();
        ByteBuffer digest = ByteBuffer.allocate(Integer.BYTES * trained.size());
        for (Parameter block : trained) {
            CRC32C sum = new CRC32C();
            sum.update(block.values().toByteBuffer(true));
            digest.putInt((int) sum.getValue());
        }
        return digest.array();
    }

    @Override
    public double step(double learningRate, double maxGradNorm) {
        double norm = optimizer.step(learningRate, maxGradNorm);
        discardGradients();
        return norm;
    }

    @Override
    public double gradientNorm() {
        return optimizer.gradientNorm();
    }

    @Override
    public void discardGradients() {
        parameters.clearGradients();
    }

    @Override
    public Optional<String> brokenWeights() {
        return parameters.brokenWeights();
    }

    @Override
    public long stateBytes() {
        long moments =
                optimizer.state().values().stream().mapToLong(NDArray::size).sum();
        return modelBytes() + WEIGHT_BYTES * moments;
    }

    @Override
    public long modelBytes() {
        long numbers = parameters.trained().stream()
                .mapToLong(block -> block.compute().size())
                .sum();
        return WEIGHT_BYTES * numbers;
    }

    @Override
    public void saveModel(Path directory) {
        save.accept(directory);
        companions.copyTo(directory);
    }

    @Override
    public void saveState(Path checkpoint) {
        saveModel(checkpoint);
        new TensorFile(parameters.torch())
                .write(checkpoint.resolve(MOMENTS), optimizer.isDivided() ? gathered : optimizer.state());
        try {
            Files.writeString(checkpoint.resolve(STEPS), optimizer.steps() + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        restore.accept(checkpoint);
        TensorFile file = new TensorFile(parameters.torch());
        if (optimizer.isDivided()) {
            optimizer.restore((name, whole) -> file.readInto(checkpoint.resolve(MOMENTS), Map.of(name, whole)));
        } else {
            file.readInto(checkpoint.resolve(MOMENTS), optimizer.state());
        }
        optimizer.resumeAt(readSteps(checkpoint.resolve(STEPS)));
        discardGradients();
    }

    private static long readSteps(Path file) {
        try {
            return Long.parseLong(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException | NumberFormatException e) {
            throw new DataException(file + ": expected the number of the optimizer's steps: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        release();
        optimizer.close();
    }
}
