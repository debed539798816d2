package ai.preceptor.train.tiny;

import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Pass;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.RewardObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainConfigBuilder;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.reference.PrecomputedReference;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.TrainingRows;
import ai.preceptor.train.schedule.LrSchedulerType;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Trains the golden {@code tiny-chat} with any objective, in memory or in a run directory. */
public final class TinyChat implements AutoCloseable {

    private final Path directory = Golden.dir("tiny-chat");
    private final Torch torch = Torch.open("cpu", 1);
    private final Tokenizer tokenizer = Tokenizer.load(directory);
    private final TemplateEncoder encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);

    /** The settings of the golden curves, but for the number of rows a step. */
    public static TrainConfigBuilder settings(int batchSize) {
        return TrainConfig.builder()
                .batchSize(batchSize)
                .numTrainEpochs(1)
                .learningRate(1e-3)
                .lrSchedulerType(LrSchedulerType.CONSTANT)
                .maxLength(256)
                .loggingSteps(1)
                .shuffle(false);
    }

    /** The device, to count its tensors. */
    public Torch torch() {
        return torch;
    }

    /** Turns rows into tokens. */
    public PromptEncoder encoder() {
        return encoder;
    }

    /** Trains a fresh language model; the reference, where one is read, is the model before its first step. */
    public <R> void train(Objective<R> objective, List<R> rows, TrainConfig config, LoopSetting setting) {
        train(objective, rows, Precision.FLOAT32, config, setting);
    }

    /** The same with matrix products in {@code precision}. */
    public <R> void train(
            Objective<R> objective, List<R> rows, Precision precision, TrainConfig config, LoopSetting setting) {
        LoadOptions options = new LoadOptions(precision, true);
        try (LanguageModel model = LanguageModel.load(torch, directory, options);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            Reference<R> reference = objective.needsReference()
                    ? PrecomputedReference.compute(
                            rows,
                            (row, into) -> objective.pack(row, encoder, into),
                            config.batchSize(),
                            model::logprobs)
                    : null;
            loop(config, trained, new ObjectivePass<>(trained, encoder, objective, reference), rows, setting);
        }
    }

    /** Trains a fresh reward model whose head starts at zero. */
    public <R> void train(RewardObjective<R> objective, List<R> rows, TrainConfig config, LoopSetting setting) {
        LoadOptions options = new LoadOptions(Precision.FLOAT32, true);
        try (RewardBackbone model = RewardBackbone.load(torch, directory, options, RewardBackbone.HeadInit.ZEROS, 0);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            loop(config, trained, new RewardObjectivePass<>(trained, encoder, objective), rows, setting);
        }
    }

    /**
     * Trains a fresh process reward model whose head starts at zero.
     *
     * @param after sees the trained model
     */
    public <R> void trainProcess(
            RewardObjective<R> objective,
            List<R> rows,
            TrainConfig config,
            LoopSetting setting,
            Consumer<RewardBackbone> after) {
        LoadOptions options = new LoadOptions(Precision.FLOAT32, true);
        RewardBackbone.NewHeads zeros = new RewardBackbone.NewHeads(1, RewardBackbone.HeadInit.ZEROS, 0);
        try (RewardBackbone model = RewardBackbone.loadProcess(torch, directory, options, "\n", zeros);
                OptimizedModel trained = OptimizedModel.of(model, new ModelFiles(directory), config)) {
            loop(config, trained, new RewardObjectivePass<>(trained, encoder, objective), rows, setting);
            after.accept(model);
        }
    }

    private static <R> void loop(
            TrainConfig config, OptimizedModel model, Pass<R> pass, List<R> rows, LoopSetting setting) {
        TrainingRows<R> fit = TrainingRows.measure(rows, pass, config.maxLength(), config.overLength());
        EpochRows<R> source = new EpochRows<>(
                fit, config.batchSize(), config.gradientAccumulationSteps(), config.shuffle(), config.seed());
        new TrainLoop<>(config, model, pass, source, setting).run();
    }

    @Override
    public void close() {
        tokenizer.close();
        torch.close();
    }
}
