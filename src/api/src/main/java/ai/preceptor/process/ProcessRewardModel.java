package ai.preceptor.process;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.eval.StepReport;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.reward.process.StepAggregation;
import ai.preceptor.reward.process.StepLoss;
import ai.preceptor.reward.process.StepObjective;
import ai.preceptor.reward.process.StepTokens;
import ai.preceptor.run.HeldOutRows;
import ai.preceptor.run.ModelTarget;
import ai.preceptor.run.Stage;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.RewardObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A model that gives each step of an answer the probability that it is right; learnt from labeled steps, and then a scorer. An
 * answer is taken apart at the separator that the model was trained with.
 *
 * <p>The score of an answer is the aggregation of its steps' probabilities. Where the answer was sampled in the model's own
 * vocabulary, each probability is also the score of the token that ends its step ({@link Score#tokenScores}).
 */
public final class ProcessRewardModel implements Scorer {
    private static final int SCORED_TOGETHER = 16;

    private final Path directory;
    private final ModelFiles files;
    private final RewardBackbone model;
    private final Tokenizer tokenizer;
    private final TemplateEncoder encoder;
    private final StepAggregation aggregation;
    private final AtomicLong passes = new AtomicLong();

    private ProcessRewardModel(
            Path directory,
            ModelFiles files,
            RewardBackbone model,
            Tokenizer tokenizer,
            TemplateEncoder encoder,
            StepAggregation aggregation) {
        this.directory = directory;
        this.files = files;
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.aggregation = aggregation;
    }

    /**
     * Loads a process reward model to score with.
     *
     * @param directory in Hugging Face's layout: a {@code *ForTokenClassification} of two labels, of which label 1 is right
     * @param aggregation how steps become the score of an answer
     * @throws ai.preceptor.data.DataException when a file is missing, truncated, or not what the configuration says
     */
    public static ProcessRewardModel load(
            Torch torch, Path directory, LoadOptions options, StepAggregation aggregation) {
        return load(torch, directory, options, "\n", new NewHeads(1, RewardBackbone.HeadInit.ZEROS, 0), aggregation);
    }

    /**
     * The same for a language model that becomes one.
     *
     * @param separator the text after each step, kept with the model; a process reward model keeps its own
     * @param heads how a head that the directory does not have starts, with a count of 1
     */
    public static ProcessRewardModel load(
            Torch torch,
            Path directory,
            LoadOptions options,
            String separator,
            NewHeads heads,
            StepAggregation aggregation) {
        ModelFiles files = options.files(directory);
        Tokenizer tokenizer = Tokenizer.load(files);
        try {
            TemplateEncoder encoder = TemplateEncoder.load(files, tokenizer, Boundary.MOVE);
            RewardBackbone model = RewardBackbone.loadProcess(torch, directory, options, separator, heads);
            return new ProcessRewardModel(directory, files, model, tokenizer, encoder, aggregation);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Learns from labeled steps, and measures the model on others.
     *
     * @param rows at least one that fits
     * @param heldOut rows to judge by, of which at least one fits; may be empty
     * @param lastStepOnly whether only the last step of an answer is learnt from; held-out rows are judged by all their steps
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public ProcessRewardSummary train(
            List<LabeledSteps> rows,
            List<LabeledSteps> heldOut,
            boolean lastStepOnly,
            TrainConfig config,
            LoopSetting setting) {
        StepObjective objective = new StepObjective(separator(), lastStepOnly);
        HeldOutRows<LabeledSteps> evaluator = HeldOutRows.ifAny(
                heldOut,
                HeldOutRows.of(model::rewards, encoder, new StepObjective(separator(), false)),
                config,
                setting.interrupt());
        try (OptimizedModel optimized = OptimizedModel.of(model, files, config)) {
            RewardObjectivePass<LabeledSteps> pass = new RewardObjectivePass<>(optimized, encoder, objective);
            return new ProcessRewardSummary(
                    new Stage<>(pass, optimized, config).run(rows, setting.evaluatedBy(evaluator)),
                    evaluator == null ? null : report(evaluator.rows(), this::tokens));
        }
    }

    /**
     * Measures the model on labeled steps.
     *
     * @param rows at least one
     * @throws EncodingException when a row cannot be encoded or is longer than the model's context
     */
    public StepReport measure(List<LabeledSteps> rows) {
        return report(rows, this::encoded);
    }

    private StepReport report(List<LabeledSteps> rows, BiFunction<Prompt, List<String>, StepTokens> encode) {
        List<double[]> probabilities = new ArrayList<>();
        for (LabeledSteps row : rows) {
            probabilities.add(probabilities(encode.apply(row.prompt(), row.steps())));
        }
        return StepReport.of(rows, probabilities);
    }

    /**
     * The probability of each step that it is right.
     *
     * @param steps of one answer, at least one, without separators
     * @throws EncodingException when they cannot be encoded or are longer than the model's context
     */
    public double[] probabilities(Prompt prompt, List<String> steps) {
        return probabilities(encoded(prompt, steps));
    }

    private double[] probabilities(StepTokens tokens) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(tokens.prompt());
        builder.answer(tokens.steps(), tokens.ends());
        return probabilities(logits(builder.build()), 0, tokens.ends().length);
    }

    private static double[] probabilities(float[] logits, int first, int count) {
        double[] probabilities = new double[count];
        Arrays.setAll(probabilities, i -> StepLoss.probability(logits[2 * (first + i)], logits[2 * (first + i) + 1]));
        return probabilities;
    }

    private StepTokens tokens(Prompt prompt, List<String> steps) {
        return StepTokens.of(prompt, steps, separator(), encoder);
    }

    private StepTokens encoded(Prompt prompt, List<String> steps) {
        StepTokens tokens = tokens(prompt, steps);
        int context = model.config().maxPositionEmbeddings();
        if (tokens.length() > context) {
            throw new EncodingException(tokens.length() + " tokens are beyond the model's context of " + context);
        }
        return tokens;
    }

    private float[] logits(PackedBatch batch) {
        try {
            return model.rewards(batch);
        } catch (NotFiniteException e) {
            throw e.at(directory + ": logit of a step", e.index());
        } finally {
            passes.incrementAndGet();
        }
    }

    @Override
    public String name() {
        return "process reward model " + directory;
    }

    /**
     * Aggregated probabilities. An answer without a step, that cannot be encoded, or is longer than the model's context, is
     * unscored.
     */
    @Override
    public List<Score> score(List<Answer> answers) {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < answers.size(); from += SCORED_TOGETHER) {
            scores.addAll(scoreTogether(answers.subList(from, Math.min(answers.size(), from + SCORED_TOGETHER))));
        }
        return scores;
    }

    private List<Score> scoreTogether(List<Answer> answers) {
        PackedBatch.Builder builder = PackedBatch.builder();
        List<AnswerSteps> taken = new ArrayList<>();
        List<@Nullable String> problems = new ArrayList<>();
        for (Answer answer : answers) {
            AnswerSteps steps = AnswerSteps.of(answer, separator());
            taken.add(steps);
            problems.add(pack(answer, steps, builder));
        }
        boolean any = problems.contains(null);
        float[] logits = any ? logits(builder.build()) : new float[0];
        List<Score> scores = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < taken.size(); i++) {
            String problem = problems.get(i);
            if (problem != null) {
                scores.add(Score.unscored(problem));
                continue;
            }
            double[] own = probabilities(logits, next, taken.get(i).steps().size());
            next += own.length;
            scores.add(score(answers.get(i), taken.get(i), own));
        }
        return scores;
    }

    private Score score(Answer answer, AnswerSteps steps, double[] probabilities) {
        Score score = Score.of(aggregation.of(probabilities));
        int[] ids = answer.tokenIds();
        return ids == null ? score : score.withTokens(steps.at(ids, own -> encoder.decode(own, true), probabilities));
    }

    /** Null when the answer was packed, else why it is unscored. */
    private @Nullable String pack(Answer answer, AnswerSteps steps, PackedBatch.Builder builder) {
        if (steps.steps().isEmpty()) {
            return "the answer has no step";
        }
        try {
            StepTokens tokens = encoded(answer.prompt(), steps.steps());
            builder.prompt(tokens.prompt());
            builder.answer(tokens.steps(), tokens.ends());
            return null;
        } catch (EncodingException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Passes through the model, each of a few answers. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.of(passes.get());
    }

    /** The text after each step. */
    public String separator() {
        return model.config().stepSeparator();
    }

    /**
     * Writes the model in Hugging Face's layout, tokenizer and chat template included.
     *
     * @param target a new or empty directory, or one with a model, which is replaced as a whole
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public void save(Path target) {
        new ModelTarget(target).write(model::save, files);
    }

    /** The model itself. */
    public RewardBackbone model() {
        return model;
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
