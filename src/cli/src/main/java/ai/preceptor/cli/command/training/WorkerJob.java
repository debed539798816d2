package ai.preceptor.cli.command.training;

import ai.preceptor.PolicyWorkers;
import ai.preceptor.cli.command.workers.StageJob;
import ai.preceptor.cli.command.workers.WorkerDigests;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TeacherPanel;
import ai.preceptor.cli.keys.ToolKeys;
import ai.preceptor.cli.keys.cluster.ClusterKeys;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.cli.keys.training.OnlineKeys;
import ai.preceptor.cli.keys.training.PolicyConfig;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.keys.training.SamplingJob;
import ai.preceptor.cli.keys.training.ScorerKeys;
import ai.preceptor.cli.keys.training.ScoringJob;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.tool.ToolSettings;
import ai.preceptor.rollout.RolloutSettings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a learner tells its workers: its keys for sampling and scoring, as JSON. Paths are the worker's own; that they hold
 * the same files is seen by their digests.
 *
 * @param sampling keys and values
 * @param scoring keys and values; null where only the learner can score
 */
record WorkerJob(
        Map<String, @Nullable Object> sampling, @Nullable Map<String, @Nullable Object> scoring) {
    /** The name of what its description is of. */
    static final String STAGE = "policy";

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<@Nullable Map<String, @Nullable Object>> KEYS = new TypeReference<>() {};
    private static final String MODEL = "model";
    private static final String REWARD_MODEL = "reward_model";
    private static final String TEACHER = "teacher";
    private static final String RULE = "rule";
    private static final String PLUGINS = "plugins";

    /** How many tools the model may call. */
    private static final String TOOLS = "tools";

    /**
     * The side of a learner that optimizes a policy.
     *
     * @param decode what computes steps, chosen
     */
    static PolicyWorkers offer(PolicyConfig keys, DecodeSettings decode, ClusterKeys cluster) {
        SamplingJob sampling = new SamplingJob(
                keys.student(),
                keys.lora(),
                keys.policy().sampling().settings(),
                decode,
                keys.tools().settings(),
                keys.training().seed());
        ScoringJob scoring = new ScoringJob(keys.scorer(), keys.plugins());
        return offer(sampling, scoring, keys.tools().tools(), cluster, keys.rollouts());
    }

    /** The side of one that learns preferences online. */
    static PolicyWorkers offer(RankConfig keys, DecodeSettings decode, ClusterKeys cluster) {
        OnlineKeys online = keys.sampling();
        SamplingJob sampling = new SamplingJob(
                keys.student(),
                keys.lora(),
                online.settings().sampling(),
                decode,
                ToolSettings.defaults(),
                keys.training().seed());
        ScoringJob scoring = new ScoringJob(online.scorer(), keys.plugins());
        return offer(sampling, scoring, new ToolKeys(null), cluster, online.rollouts());
    }

    private static PolicyWorkers offer(
            SamplingJob sampling, ScoringJob scoring, ToolKeys tools, ClusterKeys cluster, RolloutSettings rollouts) {
        ScorerKeys scorer = scoring.scorer();
        // Answers of a teacher that judges in words are kept, and paid, by the learner alone.
        boolean asked = scorer.served().isGiven() || scorer.judging().teacherMode() != null;
        boolean here = asked || !scorer.isGiven();
        Map<String, @Nullable Object> sampler = StageJob.withoutPaths(sampling);
        sampler.remove("tool_template"); // prompts come as tokens
        sampler.put(TOOLS, tools.digests().size());
        WorkerJob job = new WorkerJob(sampler, here ? null : StageJob.withoutPaths(scoring));
        StudentKeys student = sampling.student();
        return new PolicyWorkers(
                cluster.setting(rollouts.silence()),
                job.json(),
                digests(student.model(), student.adapter(), scorer, tools),
                cluster.workers());
    }

    /**
     * Names of all models that take part, and of a rule that is the user's own, each with its digest.
     *
     * @param scorer who scores; null for none
     * @param tools that the model may call
     */
    static Map<String, String> digests(
            Path model, @Nullable Path adapter, @Nullable ScorerKeys scorer, ToolKeys tools) {
        WorkerDigests digests = WorkerDigests.of(model, adapter).with(tools);
        if (scorer != null) {
            digests.withRewards(scorer.rewardModel())
                    .withTeacher(scorer.teacher() == null ? null : TeacherPanel.one(scorer.teacher()))
                    .with(scorer.rule());
        }
        return digests.toMap();
    }

    private String json() {
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("stage", STAGE);
        both.put("sampling", sampling);
        both.put("scoring", scoring);
        try {
            return JSON.writeValueAsString(both);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("keys that are not JSON", e);
        }
    }

    /**
     * The worker's side.
     *
     * @throws ConfigurationException if it is none
     */
    static WorkerJob parse(String json) {
        try {
            JsonNode both = JSON.readTree(json);
            Map<String, @Nullable Object> sampling = JSON.convertValue(both.path("sampling"), KEYS);
            return new WorkerJob(
                    Objects.requireNonNullElse(sampling, Map.<String, @Nullable Object>of()),
                    JSON.convertValue(both.path("scoring"), KEYS));
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("worker: the learner's description is not JSON", e);
        }
    }

    /** How to sample, with this worker's files. */
    SamplingJob samplingHere(WorkerConfig here) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>(sampling);
        keys.put(MODEL, here.model());
        keys.put("adapter", here.adapter());
        StageJob.requireTools(keys.remove(TOOLS) instanceof Integer count ? count : 0, here);
        return StageJob.read(SamplingJob.class, keys);
    }

    /** How to score, with this worker's files; null if it cannot. */
    @Nullable
    ScorerKeys scoringHere(WorkerConfig here) {
        if (scoring == null
                || !here.score()
                || (scoring.get(REWARD_MODEL) != null && here.rewardModel() == null)
                || (scoring.get(TEACHER) != null && here.teacher() == null)
                || (isOwnRule() && here.rule() == null)) {
            return null;
        }
        Map<String, @Nullable Object> keys = new LinkedHashMap<>(scoring);
        if (keys.get(REWARD_MODEL) != null) {
            keys.put(REWARD_MODEL, here.rewardModel());
        }
        if (keys.get(TEACHER) != null) {
            keys.put(TEACHER, here.teacher());
        }
        if (isOwnRule()) {
            keys.put(RULE, Objects.requireNonNull(here.rule()).written());
            keys.put(PLUGINS, here.plugins().paths());
        }
        return StageJob.read(ScoringJob.class, keys).scorer();
    }

    /** Whether the learner's rule is the user's own, which is found by its name here. */
    private boolean isOwnRule() {
        return scoring != null && StageJob.OWN.equals(scoring.get(RULE));
    }
}
