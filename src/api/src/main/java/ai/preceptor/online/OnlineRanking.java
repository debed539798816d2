package ai.preceptor.online;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.policy.HeldOutKl;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.online.OnlineMethod;
import ai.preceptor.ranking.online.OnlinePass;
import ai.preceptor.ranking.online.OnlinePlan;
import ai.preceptor.ranking.online.OnlinePorts;
import ai.preceptor.ranking.online.OnlineRows;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.ranking.online.SampledRow;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.run.ActorTotals;
import ai.preceptor.run.HeldOutSampler;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.PolicyPrompts;
import ai.preceptor.run.PolicyReference;
import ai.preceptor.run.PromptRoom;
import ai.preceptor.run.RecordedSampling;
import ai.preceptor.run.RolloutRun;
import ai.preceptor.run.RolloutSpec;
import ai.preceptor.run.learners.SharedSampling;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.TrainSummary;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.learners.SharedEvaluator;
import ai.preceptor.train.model.OptimizedModel;
import ai.preceptor.train.reference.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of preferences learnt online: the student samples, a scorer scores, the student learns which answers were better. */
public final class OnlineRanking {
    private static final Logger LOG = LoggerFactory.getLogger(OnlineRanking.class);

    private final LoadedModel student;
    private final Scorer scorer;
    private final OnlineOptions options;
    private final TrainConfig config;
    private final OnlineContext context;

    /** What answers in the student's place; null where the student samples. */
    private final @Nullable RecordedSampling recorded;

    /**
     * A run.
     *
     * @param student stays its owner's, as the scorer does
     * @param recorded what answers in the student's place; null where the student samples
     */
    public OnlineRanking(
            LoadedModel student,
            Scorer scorer,
            OnlineOptions options,
            TrainConfig config,
            OnlineContext context,
            @Nullable RecordedSampling recorded) {
        this.student = student;
        this.scorer = HeldOutSampler.shared(scorer, context.evaluation() != null, options.rollouts());
        this.options = options;
        this.config = config;
        this.context = context;
        this.recorded = recorded;
    }

    /**
     * Trains.
     *
     * @param given at least one prompt that leaves room for an answer
     * @throws ConfigurationException when the method, options and config do not go together, or the student that samples
     *     has tools
     */
    public OnlineSummary run(List<Prompt> given, RankMethod method) {
        if (recorded == null && student.tools() != null) {
            throw new ConfigurationException(
                    "tools: expected a student without tools where preferences are learnt online:"
                            + " what tools write would be missing from the answers, found one with tools");
        }
        Refusals refusals = Refusals.none();
        settings().check(config, method, refusals);
        refusals.throwIfAny();
        return learn(
                given,
                OnlineMethod.rowsPerPrompt(method),
                OnlineMethod.of(method, settings().select(), config.maxLength()));
    }

    private OnlineSettings settings() {
        return options.settings();
    }

    private <R> OnlineSummary learn(List<Prompt> given, int rowsPerPrompt, OnlineMethod<R> method) {
        PromptRoom room = room();
        PolicyPrompts prompts = PolicyPrompts.measure(given, student.encoder(), room, config.overLength());
        if (prompts.dropped() > 0) {
            LOG.warn(
                    "{} of {} prompts left out: longer than {} tokens", prompts.dropped(), given.size(), room.tokens());
        }
        OnlinePlan plan = plan(prompts, rowsPerPrompt);
        RolloutSpec spec = rollouts(prompts, plan);
        SharedSampling together =
                SharedSampling.of(context.loop().learners(), context.loop().interrupt()::isRequested);
        RolloutRun rollouts = new RolloutRun(spec, together, context.loop());
        OnlinePorts ports = new OnlinePorts(
                rollouts,
                scorer.name(),
                context.samples(),
                scorer::metrics,
                context.loop().nanoClock(),
                together.stopping());
        try (PolicyReference reference = PolicyReference.of(
                        student, options.reference(), method.objective().needsReference(), 1);
                OptimizedModel optimized = OptimizedModel.of(student.model(), student.files(), config);
                OnlineRows<R> rows = new OnlineRows<>(plan, method, settings().missingEosPenalty(), ports)) {
            Reference.FrozenModel frozen = reference.frozen();
            Reference<SampledRow<R>> compared = frozen == null ? null : (some, batch) -> frozen.logprobs(batch);
            OnlinePass<R> pass = new OnlinePass<>(
                    new ObjectivePass<>(optimized, student.encoder(), method.objective(), compared), rows);
            ActorTotals actors = new ActorTotals(rollouts::actors);
            Evaluator evaluation =
                    HeldOutSampler.evaluation(context.evaluation(), spec, room, kl(frozen), context.loop());
            LoopSetting loop = reference
                    .in(method.objective().in(context.loop()))
                    .with(actors)
                    .evaluatedBy(
                            SharedEvaluator.byFirst(evaluation, context.loop().learners()));
            TrainSummary summary = new TrainLoop<>(config, optimized, pass, rows, loop).run();
            List<DeadLetter> setAside = rollouts.setAside();
            return new OnlineSummary(
                    summary,
                    rows.counts(),
                    prompts.dropped(),
                    rollouts.setAsideBefore(),
                    setAside,
                    summary.evaluated(),
                    actors.all());
        }
    }

    /** Losses are at temperature 1 without filters, so the sampler's log-probabilities are the student's only with neither. */
    private @Nullable HeldOutKl kl(Reference.@Nullable FrozenModel reference) {
        boolean own = student.samplesItself() && settings().options().isUnfiltered();
        return reference == null
                ? null
                : new HeldOutKl(reference, own ? null : student.model()::logprobs, config.batchSize());
    }

    private OnlinePlan plan(PolicyPrompts prompts, int rowsPerPrompt) {
        return new OnlinePlan(
                prompts.fitting().size(),
                recorded == null ? prompts.checksum() : prompts.checksum() ^ recorded.checksum(prompts.fitting()),
                config.batchSize() * config.gradientAccumulationSteps() / rowsPerPrompt,
                config.batchSize(),
                settings().maxNumGenBatches());
    }

    private RolloutSpec rollouts(PolicyPrompts prompts, OnlinePlan plan) {
        return new RolloutSpec(
                student,
                scorer,
                prompts,
                RolloutSpec.plan(
                        options.rollouts(),
                        plan.promptsPerStep(),
                        settings().generations(),
                        config.seed(),
                        context.servers().isGiven()),
                settings().options(),
                options.rollouts().generators(),
                config,
                context.registry(),
                context.deadLetters(),
                context.workers(),
                recorded,
                context.servers());
    }

    private PromptRoom room() {
        return PromptRoom.beside(
                config.maxLength(),
                student.model().config().maxPositionEmbeddings(),
                settings().sampling().maxNewTokens(),
                "max_new_tokens");
    }
}
