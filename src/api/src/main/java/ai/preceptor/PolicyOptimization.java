package ai.preceptor;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.lm.tool.ToolLoop;
import ai.preceptor.policy.CreditConfig;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.HeldOutKl;
import ai.preceptor.policy.LearnerPorts;
import ai.preceptor.policy.PolicyLearner;
import ai.preceptor.policy.PolicyPass;
import ai.preceptor.policy.PolicyPlan;
import ai.preceptor.policy.critic.Critic;
import ai.preceptor.policy.critic.CriticSettings;
import ai.preceptor.policy.critic.CriticSource;
import ai.preceptor.policy.opd.TeacherTerms;
import ai.preceptor.policy.ppo.ActorCritic;
import ai.preceptor.policy.ppo.ActorCriticPass;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.run.ActorTotals;
import ai.preceptor.run.GreedySampler;
import ai.preceptor.run.HeldOutSampler;
import ai.preceptor.run.LoadedModel;
import ai.preceptor.run.PolicyPrompts;
import ai.preceptor.run.PolicyReference;
import ai.preceptor.run.PromptRoom;
import ai.preceptor.run.RecordedSampling;
import ai.preceptor.run.RolloutRun;
import ai.preceptor.run.RolloutSpec;
import ai.preceptor.run.TeacherModels;
import ai.preceptor.run.learners.SharedSampling;
import ai.preceptor.train.LoopSetting;
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

/** One run of policy optimization: the student samples, a scorer scores, the student learns, near what it was. */
final class PolicyOptimization {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyOptimization.class);

    private final LoadedModel student;
    private final Scorer scorer;
    private final PolicyOptions options;
    private final TrainConfig config;
    private final PolicyContext setting;

    /** What answers in the student's place; null where the student samples. */
    private final @Nullable RecordedSampling recorded;

    private final SharedSampling together;

    PolicyOptimization(
            LoadedModel student,
            Scorer scorer,
            PolicyOptions options,
            TrainConfig config,
            PolicyContext setting,
            @Nullable RecordedSampling recorded) {
        this.student = student;
        this.scorer = HeldOutSampler.shared(
                scorer, setting.evaluation() != null || options.credit().needsGreedyAnswers(), options.rollouts());
        this.options = options;
        this.config = config;
        this.setting = setting;
        this.recorded = recorded;
        this.together =
                SharedSampling.of(setting.loop().learners(), setting.loop().interrupt()::isRequested);
    }

    PolicySummary run(List<Prompt> given) {
        requireCorrection();
        RolloutPlan rolloutPlan = RolloutSpec.plan(
                options.rollouts(),
                options.policy().promptsPerBatch(config),
                options.policy().generations(),
                config.seed(),
                setting.servers().isGiven());
        PolicyPrompts prompts = PolicyPrompts.measure(given, student.encoder(), room(), config.overLength());
        if (prompts.dropped() > 0) {
            LOG.warn(
                    "{} of {} prompts left out: longer than {} tokens",
                    prompts.dropped(),
                    given.size(),
                    room().tokens());
        }
        RolloutSpec spec = rollouts(prompts, rolloutPlan);
        RolloutRun rollouts = new RolloutRun(spec, together, setting.loop());
        try (PolicyReference reference = PolicyReference.of(
                        student, options.policy().reference(), options.needsReference(), temperature());
                TeacherModels teachers = TeacherModels.ofDistillation(
                        student, options.policy().opd(), options.parts().teacher());
                OptimizedModel optimized = OptimizedModel.of(student.model(), student.files(), config, temperature());
                Critic critic = critic();
                PolicyLearner learner = new PolicyLearner(
                        plan(prompts),
                        recipe(),
                        ports(
                                rollouts,
                                reference.frozen(),
                                teachers.terms(prompts.fitting(), temperature()),
                                critic))) {
            PolicyPass pass = new PolicyPass(optimized, student.encoder(), options.objective(), learner);
            ActorTotals actors = new ActorTotals(rollouts::actors);
            LoopSetting surroundings = reference.in(setting.loop()).with(actors);
            Evaluator evaluation = HeldOutSampler.evaluation(
                    setting.evaluation(), spec, room(), kl(reference.frozen()), setting.loop());
            TrainSummary summary = loop(
                            optimized,
                            pass,
                            critic,
                            surroundings.evaluatedBy(SharedEvaluator.byFirst(evaluation, surroundings.learners())))
                    .run();
            List<DeadLetter> setAside = rollouts.setAside();
            return new PolicySummary(
                    summary,
                    learner.counts(),
                    prompts.dropped(),
                    rollouts.setAsideBefore(),
                    setAside,
                    summary.evaluated(),
                    actors.all());
        }
    }

    private TrainLoop<Experience> loop(
            OptimizedModel policy, PolicyPass pass, @Nullable Critic critic, LoopSetting loop) {
        if (critic == null) {
            return new TrainLoop<>(config, policy, pass, pass.learner(), loop);
        }
        CriticSettings settings = options.policy().critic();
        return new TrainLoop<>(
                config,
                new ActorCritic(
                        policy, critic, settings.valueLearningRate() / config.learningRate(), settings.criticWarmup()),
                new ActorCriticPass(pass, critic, settings.loss()),
                pass.learner(),
                loop);
    }

    /** Null where the algorithm has none. */
    private @Nullable Critic critic() {
        return options.policy().hasCritic()
                ? options.critic()
                        .open(new CriticSource.Beside(student.torch(), student.directory(), student.options(), config))
                : null;
    }

    /** Whether old log-probabilities are recomputed depends on the precision, which options do not know. */
    private void requireCorrection() {
        Refusals refusals = Refusals.none();
        if (options.parts().importance() == null) {
            options.policy().checkCorrection(options.rollouts().maxStaleness(), recomputes(), refusals);
        }
        ToolLoop tools = student.tools();
        if (tools != null && tools.timeout().compareTo(options.rollouts().silence()) >= 0) {
            refusals.refuse(
                    "tool_timeout",
                    "expected less than heartbeat_timeout " + options.rollouts().heartbeatTimeout() + ", found "
                            + tools.timeout().toMillis() * 1e-3);
        }
        refusals.throwIfAny();
    }

    /** Servers round otherwise than the learner, so theirs are corrected for unless that was ruled out. */
    private boolean recomputes() {
        if (setting.servers().isGiven() && options.policy().correction().recomputeOldLogps() == null) {
            return true;
        }
        return options.policy()
                .recomputes(student.options()
                        .decode()
                        .rounding(student.model().parameters().precision()));
    }

    /** Where the student does not sample itself, its log-probabilities are computed, as those that it learns from. */
    private @Nullable HeldOutKl kl(Reference.@Nullable FrozenModel reference) {
        Reference.FrozenModel own =
                student.samplesItself() ? null : batch -> student.model().logprobs(batch, temperature());
        return reference == null ? null : new HeldOutKl(reference, own, config.batchSize());
    }

    private double temperature() {
        return options.policy().temperature();
    }

    private PromptRoom room() {
        return PromptRoom.beside(
                config.maxLength(),
                student.model().config().maxPositionEmbeddings(),
                options.policy().maxCompletionLength(),
                "max_completion_length");
    }

    private PolicyPlan plan(PolicyPrompts prompts) {
        return new PolicyPlan(
                prompts.fitting().size(),
                recorded == null ? prompts.checksum() : prompts.checksum() ^ recorded.checksum(prompts.fitting()),
                options.policy().promptsPerBatch(config),
                options.policy().generations(),
                config.batchSize(),
                config.gradientAccumulationSteps(),
                options.policy().iterations(),
                options.policy().dynamic().batches());
    }

    private CreditConfig recipe() {
        return new CreditConfig(
                options.credit(),
                options.policy().klPlacement(),
                options.policy().kl().rewardEstimator(),
                options.controller(),
                options.importance(),
                options.entropy(),
                options.shaping(),
                options.policy().entropy().tokens(),
                scorer.name());
    }

    private LearnerPorts ports(
            RolloutRun rollouts,
            Reference.@Nullable FrozenModel reference,
            @Nullable TeacherTerms distillation,
            @Nullable Critic critic) {
        return new LearnerPorts(
                rollouts,
                reference,
                recomputes() ? batch -> student.model().score(batch, temperature()) : null,
                distillation,
                critic == null ? null : critic::values,
                setting.samples(),
                setting.loop().nanoClock(),
                options.credit().needsGreedyAnswers()
                        ? together.greedy(new GreedySampler(
                                student.generator(), scorer, options.policy().maxCompletionLength()))
                        : null,
                scorer::metrics,
                together.stopping());
    }

    private RolloutSpec rollouts(PolicyPrompts prompts, RolloutPlan plan) {
        PolicyWorkers workers = setting.workers();
        return new RolloutSpec(
                student,
                scorer,
                prompts,
                plan,
                options.policy().sampling(),
                options.rollouts().generators(),
                config,
                setting.registry(),
                setting.deadLetters(),
                workers == null ? null : workers::terms,
                recorded,
                setting.servers());
    }
}
