package ai.preceptor.cli.command.workers;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.AnswerRule;
import ai.preceptor.cli.keys.cluster.WorkerConfig;
import ai.preceptor.data.ConfigurationException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What workers are told of a stage: its name and the keys that decide its results, as JSON. Paths and code are each worker's own;
 * that they are the same is seen by their digests.
 *
 * @param stage its name
 * @param keys and values
 */
public record StageJob(String stage, Map<String, @Nullable Object> keys) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STAGE = "stage";
    private static final String KEYS = "keys";
    private static final String REWARD_MODEL = "reward_model";
    private static final String TEACHER = "teacher";
    private static final String RULE = "rule";
    private static final String TOOLS = "tools";
    private static final String PLUGINS = "plugins";

    /** Stands for a worker's own models, or its own rule. */
    public static final String OWN = "own";

    /** The job of some keys. */
    public static StageJob of(String stage, Record record) {
        Map<String, @Nullable Object> keys = withoutPaths(record);
        if (keys.containsKey(TOOLS)) {
            keys.put(TOOLS, keys.get(TOOLS) instanceof List<?> tools ? tools.size() : 0);
        }
        return new StageJob(stage, keys);
    }

    /** The keys of a record, without what is each process' own: paths, and code. */
    public static Map<String, @Nullable Object> withoutPaths(Record record) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>(new Resolved(record).toMap());
        List.of("model", "adapter", PLUGINS).forEach(keys::remove);
        keys.replaceAll(
                (key, value) -> value != null && (key.equals(REWARD_MODEL) || key.equals(TEACHER)) ? OWN : value);
        if (keys.get(RULE) instanceof String rule && !AnswerRule.isKnown(rule)) {
            keys.put(RULE, OWN);
        }
        return keys;
    }

    /** As it is sent. */
    public String json() {
        Map<String, Object> both = new LinkedHashMap<>();
        both.put(STAGE, stage);
        both.put(KEYS, keys);
        try {
            return JSON.writeValueAsString(both);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("keys that are not JSON", e);
        }
    }

    /**
     * The name of the stage whose job that is.
     *
     * @throws ConfigurationException if it is none
     */
    public static String stage(String json) {
        JsonNode stage = tree(json).path(STAGE);
        if (!stage.isTextual()) {
            throw new ConfigurationException("worker: the description that it was sent names no stage");
        }
        return stage.textValue();
    }

    /**
     * What was sent.
     *
     * @throws ConfigurationException if it is none
     */
    public static StageJob parse(String json) {
        Map<String, @Nullable Object> keys =
                JSON.convertValue(tree(json).path(KEYS), new TypeReference<Map<String, @Nullable Object>>() {});
        return new StageJob(stage(json), keys == null ? Map.of() : keys);
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException("worker: the description that it was sent is not JSON", e);
        }
    }

    /**
     * The keys with this worker's files.
     *
     * @throws ConfigurationException if it lacks some
     */
    public <K extends Record> K here(Class<K> type, WorkerConfig here) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>(keys);
        own.put("model", here.model());
        own.put("adapter", here.adapter());
        if (own.get(TEACHER) != null) {
            requireScoring(here);
            own.put(TEACHER, required(TEACHER, here.teacher(), "the same files"));
        }
        if (own.get(RULE) != null) {
            requireScoring(here);
        }
        if (OWN.equals(own.get(RULE))) {
            own.put(RULE, required(RULE, here.rule(), "the same file or class").written());
            own.put(PLUGINS, here.plugins().paths());
        }
        if (own.get(TOOLS) instanceof Integer expected) {
            requireTools(expected, here);
            own.put(TOOLS, here.tools().written());
            own.put(PLUGINS, here.plugins().paths());
        }
        return read(type, own);
    }

    private void requireScoring(WorkerConfig here) {
        if (!here.score()) {
            throw new ConfigurationException(
                    "score: expected true, since workers of this run of " + stage + " score, found false");
        }
    }

    private <T> T required(String key, @Nullable T value, String which) {
        if (value == null) {
            throw new ConfigurationException(key + ": expected that of the run of " + stage + ", " + which
                    + ", found none" + (key.equals(RULE) ? "; code is never sent" : ""));
        }
        return value;
    }

    /**
     * Refuses other than so many tools.
     *
     * @throws ConfigurationException if this worker has more or fewer
     */
    public static void requireTools(int expected, WorkerConfig here) {
        int found = here.tools().digests().size();
        if (expected != found) {
            throw new ConfigurationException("tools: expected the learner's own, " + expected
                    + " of them, the same files or classes, found " + found + "; code is never sent");
        }
    }

    /** A record of these keys; null stands for what is not given. */
    public static <R extends Record> R read(Class<R> type, Map<String, @Nullable Object> keys) {
        Settings<R> settings = Settings.of(type);
        for (Map.Entry<String, @Nullable Object> key : keys.entrySet()) {
            Object value = key.getValue();
            if (value != null) {
                settings = settings.with(key.getKey(), value);
            }
        }
        return settings.read();
    }
}
