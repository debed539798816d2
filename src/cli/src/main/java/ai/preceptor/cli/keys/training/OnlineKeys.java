package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.ToldValue;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.policy.evaluation.HeldOutSettings;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.online.OnlineSettings;
import ai.preceptor.ranking.online.Selection;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether preferences are learnt from answers that the student samples during the run, and how. */
public record OnlineKeys(
        @Key(
                help = "train on answers that the student samples during training, scored by one of reward_model, "
                        + "teacher, teacher_url and rule",
                defaultValue = "false")
        boolean online,

        @Group(title = "Online: answers") OnlineSettings settings,
        @Group(title = "Online: scorer") ScorerKeys scorer,
        @Group(title = "Online: rollouts") RolloutSettings rollouts,
        @Group(title = "Online: rollout servers") VllmSettings servers,
        @Group(title = "Online: steps of sampling") DecodeSettings decode,
        @Group(title = "Online: workers") LearnerKeys learner,
        @Group(title = "Online: evaluation during the run") HeldOutSettings evaluation) {

    /** Refuses keys that are of no use without {@code online}. */
    void refuseUnlessOnline(Checks checks) {
        Map<String, @Nullable Object> standard =
                new Resolved(Settings.of(OnlineKeys.class).read()).toMap();
        new Resolved(this).toMap().forEach((key, value) -> {
            if (!Objects.equals(value, standard.get(key))) {
                checks.refuse(
                        key,
                        "expected nothing without online=true, which it is for, found " + ToldValue.of(key, value));
            }
        });
    }

    /**
     * Refuses what does not go together online.
     *
     * @param method what learns; null where that is not known yet
     * @param name of the loss
     */
    void check(@Nullable RankMethod method, String name, RankConfig keys, Checks checks) {
        Path recorded = keys.data().rollouts();
        if (recorded == null && !scorer.isGiven()) {
            checks.refuse(
                    "reward_model",
                    "expected exactly one of reward_model, teacher, teacher_url and rule, or reward_weights, found 0");
        }
        scorer.checkCalls(null, checks);
        if (method instanceof RankMethod.Unpaired && settings.select() == Selection.GROUP) {
            checks.refuse(
                    "select",
                    "expected best_worst with " + name + ", which learns from single labeled answers: a prompt's best"
                            + " and its worst, found group");
        }
        if (method != null) {
            settings.check(keys.training(), method, checks);
        }
        learner.check(rollouts, recorded, checks);
        ServerFit.check(servers, rollouts, learner, recorded, checks);
        SamplingSettings sampling = settings.sampling();
        ServerFit.checkFilters(servers, sampling.topP(), sampling.topK(), sampling.minP(), checks);
        PolicyEvaluationKeys.check(keys.heldOut().evalData(), keys.training(), evaluation, checks);
        if (recorded != null) {
            PolicyEvaluationKeys.checkScorer(scorer, keys.heldOut().evalData(), checks);
            PolicyEvaluationKeys.checkSteps(decode, recorded, keys.heldOut().evalData(), false, checks);
        }
        refuse("eval_rows", keys.heldOut().evalRows(), checks);
        refuse("reference_cache", keys.reference().referenceCache(), checks);
        if (keys.reference().precomputeRefLogProbs()) {
            checks.refuse(
                    "precompute_ref_log_probs",
                    "expected false with online=true, whose answers are not known before training, found true");
        }
    }

    private static void refuse(String key, @Nullable Object value, Checks checks) {
        if (value != null) {
            checks.refuse(
                    key,
                    "expected nothing with online=true, whose answers are sampled, found " + ToldValue.of(key, value));
        }
    }
}
