package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.RolloutDataKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.ToolUseKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.cli.keys.learners.LearnersKeys;
import ai.preceptor.cli.keys.watch.HasTrackers;
import ai.preceptor.cli.keys.watch.WatchKeys;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.credit.Advantages;
import ai.preceptor.policy.credit.MultiObjectiveAggregation;
import ai.preceptor.policy.credit.ScaleRewards;
import ai.preceptor.policy.critic.ValueModelSource;
import ai.preceptor.policy.sampling.FilterSettings;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of {@code policy}. */
public record PolicyConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Reward") ScorerKeys scorer,
        @Group(title = "Your own parts") PluginKeys plugins,

        @Key(help = "your own advantages instead of the algorithm's") @PartOf(Advantages.class) @Nullable
        Part advantages,

        @Group(title = "On-policy distillation") DistillServerKeys distillServer,
        @Group(title = "Data") RolloutDataKeys data,
        @Group(title = "Evaluation during the run") PolicyEvaluationKeys evaluation,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Policy") PolicySettings policy,
        @Group(title = "Rollouts") RolloutSettings rollouts,
        @Group(title = "Rollout servers") VllmSettings servers,
        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Tools") ToolUseKeys tools,

        @Group(
                title = "Training",
                defaults = {"learning_rate=1e-6", "eval_steps=" + PolicyEvaluationKeys.EVAL_STEPS},
                defaultsIf = "learning_rate=3e-6 if algorithm=ppo")
        TrainConfig training,

        @Group(title = "Workers") LearnerKeys learner,
        @Group(title = "Trackers and meters") WatchKeys watch,
        @Group(title = "Learners") LearnersKeys learners,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput, HasTrackers, TrainsStudent {
    @Override
    public void check(Checks checks) {
        TrainsStudent.super.check(checks);
        checkData(checks);
        PolicyEvaluationKeys.check(evaluation.evalData(), training, evaluation.settings(), checks);
        policy.opd()
                .checkTeacher(
                        policy.opd().distillTeacher() != null || distillServer.isGiven(),
                        policy.algorithm() == PolicyAlgorithm.OPD && advantages == null,
                        checks);
        scorer.checkCalls(distillServer, checks);
        distillServer.check(policy.opd(), policy.temperature(), scorer.served(), checks);
        policy.checkCorrection(rollouts.maxStaleness(), policy.recomputes(decode.rounding(student.dtype())), checks);
        policy.kl().checkUse(policy.beta() > 0, checks);
        policy.reference().check(policy.beta() > 0, lora.enabled() || student.hasAdapter(), checks);
        if (advantages == null) {
            policy.check(policy.credit(), checks);
        } else {
            checkOwn(advantages.written(), checks);
        }
        if (tools.tools().isGiven() && tools.settings().toolTimeout() >= rollouts.heartbeatTimeout()) {
            checks.refuse(
                    "tool_timeout",
                    "expected less than heartbeat_timeout " + rollouts.heartbeatTimeout() + ", found "
                            + tools.settings().toolTimeout());
        }
        learner.check(rollouts, data.rollouts(), checks);
        ServerFit.check(servers, rollouts, learner, data.rollouts(), checks);
        ServerFit.checkTools(servers, tools.tools().isGiven(), checks);
        FilterSettings filter = policy.filter();
        ServerFit.checkFilters(servers, filter.topP(), filter.topK(), filter.minP(), checks);
        learners.refuse("distill_teacher_url", distillServer.distillTeacherUrl(), checks);
        if (policy.maxCompletionLength() >= training.maxLength()) {
            checks.refuse(
                    "max_length",
                    "expected more than max_completion_length " + policy.maxCompletionLength() + ", found "
                            + training.maxLength());
        }
    }

    /** Answers that are sampled together in one process. */
    public long answersTogether() {
        long all = data.rollouts() == null || policy.numGenerations() != null
                ? (long) policy.promptsPerBatch(training) * policy.generations()
                : training.batchSize(); // else the file says how many there are
        return all / Math.max(1, rollouts.generators());
    }

    /**
     * Refuses what advantages of one's own do not read. How many answers they need is known when they are opened.
     *
     * @param written the key's value
     */
    private void checkOwn(String written, Checks checks) {
        if (policy.normalizeAdvantages()
                || policy.scaleRewards() != ScaleRewards.GROUP
                || policy.multiObjectiveAggregation() != MultiObjectiveAggregation.SUM_THEN_NORMALIZE) {
            checks.refuse(
                    "advantages",
                    "expected neither normalize_advantages nor scale_rewards nor multi_objective_aggregation with your"
                            + " own, which do not read them, found " + written);
        }
        if (policy.shaping().stepRewards()) {
            checks.refuse(
                    "step_rewards", "expected false with advantages of your own, which do not read them, found true");
        }
        if (policy.hasCritic()) {
            checks.refuse(
                    "advantages",
                    "expected none with algorithm=ppo, whose critic learns from returns that they do not give, found "
                            + written);
        }
    }

    private void checkData(Checks checks) {
        data.checkOne(checks);
        if (data.rollouts() == null) {
            KnownModels.checkAnswer(
                    student.model(),
                    "max_completion_length",
                    policy.maxCompletionLength(),
                    training.maxLength(),
                    checks);
        }
        if (data.rollouts() == null || policy.numGenerations() != null) { // else the file says how many there are
            policy.check(training, checks);
        }
        if (data.rollouts() == null && !scorer.isGiven() && needsScores()) {
            String why = policy.algorithm() == PolicyAlgorithm.OPD ? ", since dynamic_sampling compares scores" : "";
            checks.refuse(
                    "reward_model",
                    "expected exactly one of reward_model, teacher, teacher_url and rule, or reward_weights" + why
                            + ", found 0");
        }
        if (data.rollouts() != null) {
            checkRollouts(data.rollouts(), checks);
        }
    }

    private void checkRollouts(Path recorded, Checks checks) {
        String scorers = "expected one of reward_model, teacher, teacher_url and rule, since ";
        if (!scorer.isGiven() && advantages == null && policy.credit().needsGreedyAnswers()) {
            checks.refuse(
                    "reward_model",
                    scorers + "the greedy answers that rewards are compared with have no recorded score, found none");
        }
        PolicyEvaluationKeys.checkScorer(scorer, evaluation.evalData(), checks);
        boolean greedy = advantages == null && policy.credit().needsGreedyAnswers();
        PolicyEvaluationKeys.checkSteps(decode, recorded, evaluation.evalData(), greedy, checks);
        if (tools.tools().isGiven()) {
            checks.refuse("tools", "expected none where rollouts is given (" + recorded + "), found some");
        }
    }

    /** Whether answers have to be scored: to learn from their scores, or to replace prompts by them. */
    public boolean needsScores() {
        return policy.algorithm() != PolicyAlgorithm.OPD || policy.dynamic().dynamicSampling();
    }

    /** Where the critic starts; null for an algorithm without one. */
    public @Nullable ValueModelSource criticSource() {
        if (!policy.hasCritic()) {
            return null;
        }
        List<Path> rewards = scorer.rewardModel();
        return policy.critic().valueModel() == null
                        && rewards != null
                        && rewards.size() == 1
                        && !ModelSource.of(rewards.get(0)).process() // two labels a step are no value
                ? ValueModelSource.trunkOf(rewards.get(0))
                : policy.critic().source();
    }

    /**
     * Refuses rewards of steps where nothing scores steps; reads the configurations of models that score.
     *
     * @throws ConfigurationException if {@code step_rewards} would do nothing
     */
    public void requireStepScores() {
        if (policy.shaping().stepRewards() && scorer.isGiven() && !scorer.mayScoreSteps()) {
            throw new ConfigurationException(
                    "step_rewards: expected false without a process reward model as reward_model"
                            + " or teacher, or a rule of your own, found true");
        }
    }

    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
