package ai.preceptor;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.NewHeads;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.reward.BradleyTerryLoss;
import ai.preceptor.reward.BradleyTerryObjective;
import ai.preceptor.reward.EnsembleObjective;
import ai.preceptor.reward.EnsembleReward;
import ai.preceptor.reward.RewardStatistics;
import ai.preceptor.run.AnswerRewards;
import ai.preceptor.run.HeldOutRows;
import ai.preceptor.run.ModelTarget;
import ai.preceptor.run.RewardScale;
import ai.preceptor.run.Stage;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.RewardObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.evaluation.EvaluatedRewards;
import ai.preceptor.train.model.OptimizedModel;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model that gives an answer one number, higher for the better; learnt from pairs, and then a scorer. With several heads
 * on one trunk it is an ensemble, read by {@link RewardEnsemble}.
 */
public final class RewardModel implements Scorer {
    private static final int SCORED_TOGETHER = 16;

    /** Rows of the training data that say where rewards lie when nothing is held out. */
    private static final int MEASURED = 64;

    private final Path directory;
    private final ModelFiles files;
    private final RewardBackbone model;
    private final Tokenizer tokenizer;
    private final TemplateEncoder encoder;
    private final AtomicLong passes = new AtomicLong();
    private @Nullable RewardStatistics statistics;

    /** Set while a trained model is measured: rewards that its evaluation has computed, by tokens. */
    private Map<IntBuffer, double[]> known = Map.of();

    /** Most tokens of a prompt with its answer: the context, and while a trained model is measured also what it learnt from. */
    private int longest;

    private RewardModel(
            Path directory,
            ModelFiles files,
            RewardBackbone model,
            Tokenizer tokenizer,
            TemplateEncoder encoder,
            @Nullable RewardStatistics statistics) {
        this.directory = directory;
        this.files = files;
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.statistics = statistics;
        this.longest = context();
    }

    static RewardModel load(Torch torch, Path directory, LoadOptions options, NewHeads heads) {
        ModelFiles files = options.files(directory);
        Tokenizer tokenizer = Tokenizer.load(files);
        try {
            // A reward is read at the end of the whole text: where the prompt ends in it does not matter.
            TemplateEncoder encoder = TemplateEncoder.load(files, tokenizer, Boundary.MOVE);
            RewardStatistics statistics =
                    RewardStatistics.read(files.directory()).orElse(null);
            RewardBackbone model = RewardBackbone.load(torch, directory, options, heads);
            return new RewardModel(directory, files, model, tokenizer, encoder, statistics);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Learns from pairs by {@code loss} and keeps nothing but the changed weights. */
    public TrainSummary train(List<Preference> pairs, BradleyTerryLoss loss, TrainConfig config) {
        return train(pairs, loss, config, LoopSetting.inMemory());
    }

    /**
     * Learns from pairs.
     *
     * @param pairs at least one that fits
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public TrainSummary train(List<Preference> pairs, BradleyTerryLoss loss, TrainConfig config, LoopSetting setting) {
        return train(pairs, new BradleyTerryObjective(loss), config, setting);
    }

    /**
     * Learns from rows of any kind.
     *
     * @param rows at least one that fits
     * @param objective what is made of their answers' rewards
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public <R> TrainSummary train(List<R> rows, RewardObjective<R> objective, TrainConfig config, LoopSetting setting) {
        return train(rows, List.of(), objective, config, setting).summary();
    }

    private record Trained(TrainSummary summary, Map<IntBuffer, double[]> rewards) {}

    private <R> Trained train(
            List<R> rows, List<R> heldOut, RewardObjective<R> objective, TrainConfig config, LoopSetting setting) {
        statistics = null;
        RewardObjective<R> all = model.heads() == 1 ? objective : new EnsembleObjective<>(objective, model.heads());
        try (OptimizedModel optimized = OptimizedModel.of(model, files, config)) {
            EvaluatedRewards evaluated = new EvaluatedRewards(model, optimized::digest);
            HeldOutRows<R> evaluator = HeldOutRows.ifAny(
                    heldOut, HeldOutRows.of(evaluated::rewards, encoder, all), config, setting.interrupt());
            TrainSummary summary = new Stage<>(new RewardObjectivePass<>(optimized, encoder, all), optimized, config)
                    .run(rows, setting.evaluatedBy(evaluator == null ? null : evaluated.of(evaluator)));
            return new Trained(summary, evaluated.current());
        }
    }

    /**
     * Trains, and then measures the model on pairs, which also tells it where its rewards lie ({@link #statistics}): on those
     * of held-out rows, or of some training rows where nothing is held out.
     *
     * @param rows at least one that fits
     * @param heldOut rows to judge by; may be empty
     * @param objective a loss of one's own goes into a {@link ai.preceptor.reward.RankedRewardObjective}
     * @param pairs those of a row
     * @param measure how the model is measured
     * @throws ai.preceptor.data.DataException before training, if no pair of held-out rows has the column of {@code measure}
     */
    public <R> RewardSummary train(
            List<R> rows,
            List<R> heldOut,
            RewardObjective<R> objective,
            Function<R, List<Preference>> pairs,
            RewardMeasure measure,
            TrainConfig config,
            LoopSetting setting) {
        measure.check(pairs(heldOut, pairs));
        Trained trained = train(rows, heldOut, objective, config, setting);
        known = trained.rewards();
        longest = Math.max(longest, config.maxLength());
        try {
            if (heldOut.isEmpty()) {
                // Without a subset: these rows were learnt, and only say where the rewards lie.
                new RewardMeasure(null).measureAndKeep(this, pairs(spread(rows), pairs));
                return new RewardSummary(trained.summary(), null);
            }
            return new RewardSummary(trained.summary(), measure.measureAndKeep(this, pairs(heldOut, pairs)));
        } finally {
            known = Map.of();
            longest = context();
        }
    }

    private int context() {
        return model.config().maxPositionEmbeddings();
    }

    private static <R> List<Preference> pairs(List<R> rows, Function<R, List<Preference>> pairs) {
        return rows.stream().flatMap(row -> pairs.apply(row).stream()).toList();
    }

    /** Some rows from everywhere: enough to tell where rewards lie. */
    private static <R> List<R> spread(List<R> rows) {
        int count = Math.min(MEASURED, rows.size());
        return IntStream.range(0, count)
                .mapToObj(i -> rows.get((int) ((long) i * rows.size() / count)))
                .toList();
    }

    /**
     * Rewards of the answers of pairs.
     *
     * @param batchSize pairs that go through the model together, at least 1
     * @return one per pair
     */
    public List<PairRewards> rewards(List<Preference> pairs, int batchSize) {
        return rewards(pairs, batchSize, RewardReading.PLAIN);
    }

    /**
     * The same, read as {@code reading} says.
     *
     * @throws ai.preceptor.data.ConfigurationException if they are to be changed by statistics that the model does not have
     * @throws NotFiniteException naming a pair, if a reward is not finite; its index is the pair's
     */
    public List<PairRewards> rewards(List<Preference> pairs, int batchSize, RewardReading reading) {
        RewardScale scale = scale(reading);
        List<PairRewards> all = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += batchSize) {
            List<Preference> some = pairs.subList(from, Math.min(pairs.size(), from + batchSize));
            PackedBatch.Builder builder = PackedBatch.builder();
            List<Encoded> encoded = new ArrayList<>();
            for (Preference pair : some) {
                encoded.add(encoder.encode(pair.prompt(), List.of(pair.chosen(), pair.rejected())));
            }
            encoded.forEach(pair -> add(builder, pair));
            float[] rewards = rewards(builder.build(), from);
            for (int i = 0; i < some.size(); i++) {
                Encoded pair = encoded.get(i);
                EnsembleReward chosen = EnsembleReward.of(scale.read(
                        heads(rewards, 2 * i), () -> pair.completions().get(0).length));
                EnsembleReward rejected = EnsembleReward.of(scale.read(
                        heads(rewards, 2 * i + 1), () -> pair.completions().get(1).length));
                all.add(new PairRewards(
                        chosen.lowerBound(reading.rewardUncertaintyCoef()),
                        rejected.lowerBound(reading.rewardUncertaintyCoef()),
                        chosen.std(),
                        rejected.std()));
            }
        }
        return all;
    }

    /** @param first pair of the batch, with two answers a pair */
    private float[] rewards(PackedBatch batch, int first) {
        try {
            return model.rewards(batch);
        } catch (NotFiniteException e) {
            int answer = e.index() / model.heads();
            int pair = first + answer / 2;
            throw e.at(
                    directory + ": reward of the " + (answer % 2 == 0 ? "chosen" : "rejected") + " answer of pair "
                            + pair + " (0-based)",
                    pair);
        }
    }

    /** @throws ai.preceptor.data.ConfigurationException if rewards are to be changed by statistics that it does not have */
    RewardScale scale(RewardReading reading) {
        return RewardScale.of(name(), statistics, reading.normalizeRewards(), reading.rewardLengthCoef());
    }

    private static void add(PackedBatch.Builder builder, Encoded encoded) {
        builder.prompt(encoded.prompt());
        encoded.completions().forEach(builder::answer);
    }

    /**
     * How many tokens an answer has, end of turn included.
     *
     * @throws EncodingException if it cannot be encoded
     */
    public int tokens(Answer answer) {
        return encoder.encode(answer.prompt(), List.of(answer.text()))
                .completions()
                .get(0)
                .length;
    }

    @Override
    public String name() {
        return "reward model " + directory;
    }

    /**
     * Rewards, of an ensemble the mean of its heads. An answer that cannot be encoded, or is longer than the model's
     * context, is unscored.
     */
    @Override
    public List<Score> score(List<Answer> answers) {
        return read(answers).stream()
                .map(reward -> reward.problem() == null
                        ? Score.of(EnsembleReward.of(reward.heads()).mean())
                        : Score.unscored(reward.problem()))
                .toList();
    }

    /** Passes through the model, each of a few answers. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.of(passes.get());
    }

    /** What every head gives every answer. */
    List<AnswerRewards> read(List<Answer> answers) {
        List<AnswerRewards> rewards = new ArrayList<>();
        for (int from = 0; from < answers.size(); from += SCORED_TOGETHER) {
            rewards.addAll(readTogether(answers.subList(from, Math.min(answers.size(), from + SCORED_TOGETHER))));
        }
        return rewards;
    }

    private List<AnswerRewards> readTogether(List<Answer> answers) {
        PackedBatch.Builder builder = PackedBatch.builder();
        List<@Nullable AnswerRewards> readAlready = new ArrayList<>();
        int packed = 0;
        for (Answer answer : answers) {
            AnswerRewards already = pack(answer, builder);
            packed += already == null ? 1 : 0;
            readAlready.add(already);
        }
        float[] rewards = new float[0];
        if (packed > 0) {
            rewards = named(builder.build());
            passes.incrementAndGet();
        }
        List<AnswerRewards> all = new ArrayList<>();
        int next = 0;
        for (AnswerRewards already : readAlready) {
            all.add(already == null ? AnswerRewards.of(heads(rewards, next++)) : already);
        }
        return all;
    }

    private float[] named(PackedBatch batch) {
        try {
            return model.rewards(batch);
        } catch (NotFiniteException e) {
            throw e.at(directory + ": reward of an answer", e.index());
        }
    }

    /** The rewards of the answer at {@code index}. */
    private double[] heads(float[] rewards, int index) {
        double[] own = new double[model.heads()];
        for (int head = 0; head < own.length; head++) {
            own[head] = rewards[index * own.length + head];
        }
        return own;
    }

    /** Null when the answer was packed, else its rewards, or why it is unscored. */
    private @Nullable AnswerRewards pack(Answer answer, PackedBatch.Builder builder) {
        try {
            Encoded encoded = encoder.encode(answer.prompt(), List.of(answer.text()));
            if (encoded.longest() > longest) {
                return AnswerRewards.none(encoded.longest() + " tokens are beyond the model's context of " + context());
            }
            double[] already = known.get(EvaluatedRewards.tokens(
                    encoded.prompt(), encoded.completions().get(0)));
            if (already != null) {
                return AnswerRewards.of(already);
            }
            add(builder, encoded);
            return null;
        } catch (EncodingException e) {
            return AnswerRewards.none(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Mean and deviation of its rewards, as measured by training; empty if not measured, or if the model has changed
     * since.
     */
    public Optional<RewardStatistics> statistics() {
        return Optional.ofNullable(statistics);
    }

    /** Keeps where its rewards lie, to be saved with it. */
    public void keep(RewardStatistics measured) {
        statistics = measured;
    }

    /**
     * Writes the model in Hugging Face's layout, tokenizer and chat template included.
     *
     * @param target a new or empty directory, or one with a model, which is replaced as a whole
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public void save(Path target) {
        new ModelTarget(target)
                .write(
                        aside -> {
                            model.save(aside);
                            statistics().ifPresent(measured -> measured.write(aside));
                        },
                        files);
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
