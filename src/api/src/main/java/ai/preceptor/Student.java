package ai.preceptor;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.RecordedLimits;
import ai.preceptor.eval.SequenceLogprobs;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.tool.ToolUse;
import ai.preceptor.online.OnlineOptions;
import ai.preceptor.online.OnlineRanking;
import ai.preceptor.online.OnlineSummary;
import ai.preceptor.policy.reward.NoReward;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.group.GroupLoss;
import ai.preceptor.ranking.group.GroupObjective;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.ranking.pair.PairLoss;
import ai.preceptor.ranking.pair.PairObjective;
import ai.preceptor.ranking.unpaired.LabeledRow;
import ai.preceptor.ranking.unpaired.UnpairedLoss;
import ai.preceptor.ranking.unpaired.UnpairedObjective;
import ai.preceptor.run.HeldOutRows;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.ModelTarget;
import ai.preceptor.run.RecordedSampling;
import ai.preceptor.run.Stage;
import ai.preceptor.teacher.BoundedPasses;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.reference.ReferenceCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A causal language model with its tokenizer and chat template. */
public final class Student implements AutoCloseable {
    private final LoadedModel loaded;
    /** The last one that answered; null before. */
    private @Nullable Generator generator;

    Student(LoadedModel loaded) {
        this.loaded = loaded;
    }

    /**
     * The same model with tools: answers that are sampled from it may call them, and conversations show them, by the chat
     * template or in a system message. Closing either closes the model. Policies learn from such answers; online preferences
     * and distillation on the student's own answers refuse a student with tools.
     *
     * @throws ConfigurationException if a tool is not as it must be, or the chat template cannot write a turn of tools
     */
    public Student with(ToolUse tools) {
        return new Student(loaded.with(tools));
    }

    /** The same model with steps of generation computed by something else. Closing either closes the model. */
    public Student with(DecodeSettings decode) {
        return new Student(loaded.with(decode));
    }

    /**
     * Answers prompts.
     *
     * @param prompts any number
     * @param samples answers to each, at least 1
     * @param options how tokens are drawn
     * @return for each prompt, in order, its answers
     * @throws DataException naming a prompt that leaves no room for an answer in the model's context
     * @throws NotFiniteException naming a prompt, if the model's numbers are not finite; its index is the prompt's
     */
    public List<List<Completion>> generate(List<Prompt> prompts, int samples, SamplingOptions options) {
        List<int[]> ids = loaded.promptIds(prompts);
        Generator before = generator;
        Generator own = before == null ? loaded.generator() : before.another();
        generator = own;
        try {
            return own.generate(ids, prompts, samples, options);
        } catch (NotFiniteException e) {
            throw e.at(directory() + ": answer to prompt " + e.index() + " (0-based): log-probability", e.index());
        }
    }

    /**
     * Sums of log-probabilities of the answers of pairs.
     *
     * @param pairs any number
     * @param batchSize pairs that go through the model together, at least 1
     * @return one per pair
     * @throws NotFiniteException naming a pair, if the model's numbers are not finite; its index is the pair's
     */
    public List<PairLogprobs> logprobs(List<Preference> pairs, int batchSize) {
        List<PairLogprobs> all = new ArrayList<>();
        for (int from = 0; from < pairs.size(); from += batchSize) {
            List<Preference> some = pairs.subList(from, Math.min(pairs.size(), from + batchSize));
            PackedBatch.Builder builder = PackedBatch.builder();
            for (Preference pair : some) {
                Encoded encoded = encoder().encode(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
                builder.prompt(encoded.prompt());
                encoded.completions().forEach(builder::completion);
            }
            PackedBatch batch = builder.build();
            float[] logprobs = logprobs(batch, from);
            for (int i = 0; i < some.size(); i++) {
                Span chosen = batch.spans().get(2 * i);
                Span rejected = batch.spans().get(2 * i + 1);
                all.add(new PairLogprobs(
                        chosen.sum(logprobs), rejected.sum(logprobs), chosen.length(), rejected.length()));
            }
        }
        return all;
    }

    /** @param first pair of the batch, whose spans are two a pair */
    private float[] logprobs(PackedBatch batch, int first) {
        try {
            return model().logprobs(batch);
        } catch (NotFiniteException e) {
            int span = 0;
            while (e.index() >= batch.spans().get(span).to()) {
                span++;
            }
            int pair = first + span / 2;
            throw e.at(
                    directory() + ": log-probability of the " + (span % 2 == 0 ? "chosen" : "rejected")
                            + " answer of pair " + pair + " (0-based)",
                    pair);
        }
    }

    /**
     * Trains on rows and keeps nothing but the changed weights; {@link #save} writes them.
     *
     * @param reference the frozen model that {@code objective} compares with, if it does
     */
    public <R> TrainSummary train(
            Objective<R> objective, @Nullable Reference<R> reference, List<R> rows, TrainConfig config) {
        return train(objective, reference, rows, config, LoopSetting.inMemory());
    }

    /**
     * Trains on rows.
     *
     * @param reference the frozen model that {@code objective} compares with, if it does
     * @param rows at least one that fits
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     */
    public <R> TrainSummary train(
            Objective<R> objective,
            @Nullable Reference<R> reference,
            List<R> rows,
            TrainConfig config,
            LoopSetting setting) {
        return train(objective, reference, rows, List.of(), config, setting);
    }

    /** The same, evaluated on held-out rows, of which there may be none, as {@link TrainConfig#evaluation} says. */
    public <R> TrainSummary train(
            Objective<R> objective,
            @Nullable Reference<R> reference,
            List<R> rows,
            List<R> heldOut,
            TrainConfig config,
            LoopSetting setting) {
        HeldOutRows<R> evaluator = HeldOutRows.ifAny(
                heldOut,
                HeldOutRows.of(model()::inspect, encoder(), objective, reference),
                config,
                setting.interrupt());
        try (OptimizedModel optimized = OptimizedModel.of(model(), files(), config)) {
            return new Stage<>(new ObjectivePass<>(optimized, encoder(), objective, reference), optimized, config)
                    .run(rows, setting.evaluatedBy(evaluator));
        }
    }

    /**
     * Learns from a teacher's next-token distributions and keeps nothing but the changed weights; {@link #save} writes them.
     *
     * @param teacher a directory in Hugging Face's layout; in self-distillation the student's own
     */
    public StudentSummary distill(Path teacher, List<Demonstration> rows, DistillOptions options, TrainConfig config) {
        return distill(List.of(teacher), rows, List.of(), options, config, LoopSetting.inMemory());
    }

    /**
     * Learns from the next-token distributions of a teacher, or of several, which teach as {@link DistillOptions#mix} says.
     *
     * @param teachers as above; loaded when the run needs them, with the student's element type. None for one elsewhere
     * @param rows at least one that fits
     * @param heldOut rows to judge by; may be empty
     * @param options towards what, and what the teacher does
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     * @throws ai.preceptor.data.ConfigurationException when the vocabularies differ in size
     */
    public StudentSummary distill(
            List<Path> teachers,
            List<Demonstration> rows,
            List<Demonstration> heldOut,
            DistillOptions options,
            TrainConfig config,
            LoopSetting setting) {
        return new Distillation(loaded, List.copyOf(teachers), options, config, setting).run(rows, heldOut);
    }

    /**
     * Learns by trial: answers prompts, has the answers scored, and makes the better ones more likely, near the model it is
     * now. Keeps nothing but the changed weights; {@link #save} writes them.
     *
     * @param scorer a reward model, a teacher, a rule; on the student's device or elsewhere. Used by another thread, one
     *     call at a time unless the options say otherwise; stays open
     */
    public PolicySummary optimize(List<Prompt> prompts, Scorer scorer, PolicyOptions options, TrainConfig config) {
        return optimize(prompts, scorer, options, config, PolicyContext.inMemory());
    }

    /** The same from a teacher of on-policy distillation alone ({@link PolicyOptions#opd}), without a reward. */
    public PolicySummary optimize(List<Prompt> prompts, PolicyOptions options, TrainConfig config) {
        return optimize(prompts, new NoReward(), options, config);
    }

    /**
     * Learns by trial.
     *
     * @param prompts at least one that leaves room for an answer
     * @param scorer as above
     * @param options how
     * @param config the size of a step, in answers, and the rate; {@code maxLength} bounds a prompt with its answer
     * @param setting where metrics, samples, checkpoints and the model go, and who may stop the run
     * @throws ai.preceptor.data.ConfigurationException when options and config do not go together
     * @throws DataException when no prompt leaves room for an answer
     * @throws ai.preceptor.data.ScorerException when too much scoring failed in a row: the first cause
     * @throws ai.preceptor.data.TeacherException when too much sampling failed in a row, or the scorer failed for good
     */
    public PolicySummary optimize(
            List<Prompt> prompts, Scorer scorer, PolicyOptions options, TrainConfig config, PolicyContext setting) {
        return new PolicyOptimization(loaded, scorer, options, config, setting, null).run(prompts);
    }

    /**
     * Learns from answers that were sampled before, as if it had sampled them itself: batches in their order, each learnt
     * from {@code numIterations} times in a row. Their log-probabilities are the sampler's. Where the options leave it open,
     * there are as many answers to a prompt as were recorded, and the old log-probabilities are recomputed.
     *
     * @param rollouts the answers, and their scores or a scorer
     * @param options how; what samples beside learning is not used
     * @throws DataException naming a row that is not as the options and this model's vocabulary need it
     * @throws ConfigurationException when options and config do not go together
     */
    public PolicySummary optimize(
            RecordedRollouts rollouts, PolicyOptions options, TrainConfig config, PolicyContext setting) {
        PolicyOptions resolved =
                new PolicyOptions(rollouts.resolve(options.policy()), options.rollouts(), options.parts());
        rollouts.check(model().config().vocabSize(), resolved.policy());
        if (rollouts.scorer() == null && resolved.credit().needsGreedyAnswers()) {
            throw new ConfigurationException("rollouts: " + resolved.credit().name()
                    + " compares with greedy answers, which have no recorded score; expected a scorer");
        }
        if (rollouts.scorer() == null && setting.evaluation() != null) {
            throw new ConfigurationException(
                    "rollouts: answers to held-out prompts have no recorded score; expected a scorer");
        }
        RecordedSampling recorded = new RecordedSampling(rollouts.rows());
        Scorer scorer = rollouts.scorer() == null ? recorded.scorer() : rollouts.scorer();
        return new PolicyOptimization(loaded, scorer, resolved, config, setting, recorded).run(recorded.prompts());
    }

    /** Learns from pairs by a loss of DPO's family or one's own; keeps nothing but the changed weights, for {@link #save}. */
    public StudentSummary rank(List<Preference> pairs, PairLoss loss, RankOptions options, TrainConfig config) {
        return rank(pairs, List.of(), PairObjective.ofPreferences(loss), options, config, LoopSetting.inMemory());
    }

    /** The same from ranked groups, each as a whole; {@link PairObjective#ofGroups} learns from their pairs. */
    public StudentSummary rank(List<RankedGroup> groups, GroupLoss loss, RankOptions options, TrainConfig config) {
        return rank(groups, List.of(), GroupObjective.ofGroups(loss), options, config, LoopSetting.inMemory());
    }

    /** The same from single labeled answers, each with the answer of the row before it as its mismatched one. */
    public StudentSummary rank(
            List<LabeledCompletion> answers, UnpairedLoss loss, RankOptions options, TrainConfig config) {
        List<LabeledRow> rows = LabeledRow.rotate(answers, config.batchSize());
        Objective<LabeledRow> objective = new UnpairedObjective(loss, config.maxLength());
        return rank(rows, List.of(), objective, options, config, LoopSetting.inMemory());
    }

    /**
     * Learns from preferences, rankings or labeled answers. Load the student with {@link RankOptions#load}, so that it is
     * compared with a reference in enough digits.
     *
     * @param rows at least one that fits
     * @param heldOut rows to judge by; may be empty
     * @param objective {@link PairObjective}, {@link GroupObjective}, {@link UnpairedObjective} on {@link
     *     LabeledRow#rotate rotated} rows, or one's own
     * @param options the frozen reference, if {@code objective} compares with one
     * @param setting where metrics, checkpoints and the model go, and who may stop the run
     * @throws ai.preceptor.data.ConfigurationException when a reference is to follow a student that trains an adapter, or
     *     the run to resume is another one: also one of a loss of another name
     */
    public <R> StudentSummary rank(
            List<R> rows,
            List<R> heldOut,
            Objective<R> objective,
            RankOptions options,
            TrainConfig config,
            LoopSetting setting) {
        List<R> learnt = RankReference.known(rows, options);
        List<R> measured = RankReference.known(heldOut, options);
        try (RankReference<R> reference = RankReference.of(this, options, objective, learnt, measured, config)) {
            LoopSetting loop = reference.in(objective.in(setting));
            return new StudentSummary(train(objective, reference.reference(), learnt, measured, config, loop));
        }
    }

    /**
     * Learns online which of its own answers are better: answers prompts as it is at every step, has the answers scored, and
     * learns from the best and the worst, or the whole group. Keeps nothing but the changed weights; {@link #save} writes them.
     *
     * @param scorer as in {@link #optimize(List, Scorer, PolicyOptions, TrainConfig)}
     * @param method any loss over pairs, groups or labels
     */
    public OnlineSummary rankOnline(
            List<Prompt> prompts, Scorer scorer, RankMethod method, OnlineOptions options, TrainConfig config) {
        return rankOnline(prompts, scorer, method, options, config, PolicyContext.inMemory());
    }

    /**
     * Learns online which of its own answers are better.
     *
     * @param prompts at least one that leaves room for an answer
     * @param config the size of a step, in rows (a prompt each, for a loss over labels two to a prompt), and the rate; {@code
     *     maxLength} bounds a prompt with its answer
     * @param setting where metrics, samples, checkpoints and the model go, and who may stop the run
     * @throws ConfigurationException when method, options and config do not go together
     * @throws DataException when no prompt leaves room for an answer
     * @throws ai.preceptor.data.ScorerException when too much scoring failed in a row, or no prompt of all batches that may be
     *     sampled for a step has two answers of unequal score
     * @throws ai.preceptor.data.TeacherException when too much sampling failed in a row, or the scorer failed for good
     */
    public OnlineSummary rankOnline(
            List<Prompt> prompts,
            Scorer scorer,
            RankMethod method,
            OnlineOptions options,
            TrainConfig config,
            PolicyContext setting) {
        return new OnlineRanking(loaded, scorer, options, config, setting.online(), null).run(prompts, method);
    }

    /**
     * The same with answers that were sampled before in the place of its own.
     *
     * @param rollouts the answers, and their scores or a scorer
     * @throws DataException naming a row that is not as the options and this model's vocabulary need it
     */
    public OnlineSummary rankOnline(
            RecordedRollouts rollouts,
            RankMethod method,
            OnlineOptions options,
            TrainConfig config,
            PolicyContext setting) {
        OnlineOptions resolved = options.with(rollouts.resolve(options.settings()));
        OnlineSettings settings = resolved.settings();
        rollouts.check(new RecordedLimits(
                model().config().vocabSize(),
                settings.sampling().maxNewTokens(),
                settings.generations(),
                "max_new_tokens"));
        RecordedSampling recorded = new RecordedSampling(rollouts.rows());
        Scorer scorer = rollouts.scorer() == null ? recorded.scorer() : rollouts.scorer();
        return new OnlineRanking(loaded, scorer, resolved, config, setting.online(), recorded)
                .run(recorded.prompts(), method);
    }

    /**
     * The log-probabilities of this model as it is now, a reference of rows to be trained on without a second model.
     *
     * @param objective packs the rows
     * @param rows the same objects that are to be trained on
     * @param config how they will be trained on: rows that are too long are left out here too
     */
    public <R> Reference<R> precomputedReference(Objective<R> objective, List<R> rows, TrainConfig config) {
        return RankReference.precomputed(this, this, null, objective, rows, config);
    }

    /** The same, read from a cache where an earlier run kept it for this very model and these very rows, or kept there. */
    public <R> Reference<R> precomputedReference(
            Objective<R> objective, List<R> rows, TrainConfig config, ReferenceCache cache) {
        return RankReference.precomputed(this, this, cache, objective, rows, config);
    }

    /**
     * An objective's loss and metrics on rows that are not trained on.
     *
     * @param reference the frozen model that {@code objective} compares with, if it does
     * @param config says how many rows go through the model together, and which are too long
     * @return over all rows, by transformers' names: {@code eval_loss} and the objective's metrics, {@code eval_NAME}
     */
    public <R> Map<String, Double> evaluate(
            Objective<R> objective, @Nullable Reference<R> reference, List<R> rows, TrainConfig config) {
        HeldOutRows.Measure<R> measure = HeldOutRows.of(model()::inspect, encoder(), objective, reference);
        return new HeldOutRows<>(rows, measure, config, new Interrupt())
                .measure()
                .orElseThrow();
    }

    /**
     * Writes the model in Hugging Face's layout, tokenizer and chat template included.
     *
     * @param target a new or empty directory, or one with a model, which is replaced as a whole
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public void save(Path target) {
        new ModelTarget(target).write(model()::save, files());
    }

    /** Where it was loaded from. */
    public Path directory() {
        return loaded.directory();
    }

    /** The files beside its weights, such as its tokenizer: its adapter's, else the directory's. */
    public ModelFiles files() {
        return loaded.files();
    }

    /** The model with all that was loaded with it, for this package. */
    LoadedModel loaded() {
        return loaded;
    }

    /** As {@link LoadedModel#samplesItself}. */
    public boolean samplesItself() {
        return loaded.samplesItself();
    }

    /** Log-probabilities of answers given as tokens, in passes of bounded size. */
    public SequenceLogprobs sequenceLogprobs() {
        return new BoundedPasses(this::logprobs, BoundedPasses.DEFAULT_ROWS)::logprobs;
    }

    /**
     * Log-probabilities in nats of a batch's targets, {@code [targets]}.
     *
     * @throws NotFiniteException naming the model, if one is not finite
     */
    public float[] logprobs(PackedBatch batch) {
        try {
            return model().logprobs(batch);
        } catch (NotFiniteException e) {
            throw e.at(directory() + ": log-probability of an answer", e.index());
        }
    }

    /** The model itself. */
    public LanguageModel model() {
        return loaded.model();
    }

    /** What turns its texts into tokens. */
    public TemplateEncoder encoder() {
        return loaded.encoder();
    }

    @Override
    public void close() {
        loaded.close();
    }
}
