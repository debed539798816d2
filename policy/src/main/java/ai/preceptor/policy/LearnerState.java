package ai.preceptor.policy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.policy.critic.ValueTargets;
import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.kl.KlController;
import ai.preceptor.policy.loss.SampledTokens;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A learner's state in a checkpoint: {@code policy.jsonl} holds the position of the batch, then a line for each answer.
 * Numbers come back to the last bit. A prompt comes back as plain text without its columns, since learning reads its
 * tokens only.
 *
 * @param checkpoint the directory
 */
record LearnerState(Path checkpoint) {
    private static final String NAME = "policy.jsonl";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /**
     * A phase and what was taken for it.
     *
     * @param before what all phases before it took
     * @param after the same with what it took
     */
    record Counted(ExperienceBatch phase, LearnerCounts before, LearnerCounts after) {}

    void write(Counted counted) {
        ExperienceBatch phase = counted.phase();
        try (JsonlWriter file = JsonlWriter.create(checkpoint.resolve(NAME))) {
            Map<String, @Nullable Object> head = head(phase);
            head.put("counts_before", JSON.valueToTree(counted.before()));
            head.put("counts_after", JSON.valueToTree(counted.after()));
            file.write(head);
            phase.experiences().forEach(experience -> file.write(row(experience)));
            file.flush();
        }
    }

    /**
     * Reads it.
     *
     * @param kl gives all of the controllers but their coefficients
     * @param entropy the same
     * @return null if the checkpoint was written before the first batch
     */
    @Nullable
    Counted read(KlController kl, EntropyController entropy) {
        Path file = checkpoint.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            List<JsonNode> rows = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                rows.add(JSON.readTree(line));
            }
            JsonNode head = rows.get(0);
            BatchOrigin start = new BatchOrigin(
                    head.required("step").intValue(),
                    head.required("cursor").longValue(),
                    head.required("version").longValue(),
                    kl.at(head.required("beta").doubleValue()),
                    entropy.at(head.path("entropy_coef").asDouble(entropy.coefficient())));
            ExperienceBatch phase = new ExperienceBatch(
                    start,
                    rows.stream().skip(1).map(LearnerState::experience).toList(),
                    head.required("next_cursor").longValue(),
                    head.required("last_version").longValue(),
                    head.path("entropy").asDouble(Double.NaN),
                    kl.at(head.required("next_beta").doubleValue()),
                    Map.of());
            return new Counted(phase, counts(head.path("counts_before")), counts(head.path("counts_after")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new DataException(file + ": not a policy's state: " + e.getMessage(), e);
        }
    }

    private static Map<String, @Nullable Object> head(ExperienceBatch phase) {
        Map<String, @Nullable Object> head = new LinkedHashMap<>();
        head.put("step", phase.start().step());
        head.put("cursor", phase.start().cursor());
        head.put("version", phase.start().version());
        head.put("beta", phase.start().kl().beta());
        head.put("entropy_coef", phase.start().entropy().coefficient());
        head.put("entropy", Double.isNaN(phase.entropy()) ? null : phase.entropy());
        head.put("next_cursor", phase.cursor());
        head.put("last_version", phase.version());
        head.put("next_beta", phase.next().beta());
        return head;
    }

    /** All 0 in a checkpoint from before there were counts. */
    private static LearnerCounts counts(JsonNode row) {
        return row.isMissingNode() ? LearnerCounts.NONE : JSON.convertValue(row, LearnerCounts.class);
    }

    private static Map<String, @Nullable Object> row(Experience experience) {
        Trajectory trajectory = experience.trajectory();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", trajectory.prompt().text().asString());
        row.put("prompt_ids", trajectory.promptIds());
        row.put("completion", trajectory.completion().text());
        row.put("token_ids", trajectory.completion().tokenIds());
        row.put("finish_reason", trajectory.completion().finishReason());
        row.put("group", trajectory.group());
        row.put("policy_version", trajectory.policyVersion());
        row.put("score", trajectory.score().value());
        row.put("old_logps", doubles(experience.oldLogps()));
        row.put("reference_logps", experience.referenceLogps() == null ? null : doubles(experience.referenceLogps()));
        row.put("sampler_logps", doubles(trajectory.completion().samplerLogprobs()));
        TokenSupports support = trajectory.completion().support();
        if (support != null) {
            row.put("support", support.bytes());
            row.put("support_ends", support.ends());
        }
        ToolTurns turns = trajectory.completion().turns();
        if (turns != null) {
            row.put("turns", turns);
        }
        row.put("advantages", experience.advantages());
        row.put("weights", experience.weights());
        row.put("counts", experience.counts());
        ValueTargets values = experience.values();
        if (values != null) {
            row.put("values", doubles(values.values()));
            row.put("returns", values.returns());
        }
        return row;
    }

    /** What earlier versions did not write was the same as the old log-probabilities, or 1, or true. */
    private static Experience experience(JsonNode row) {
        float[] oldLogps = floats(row.required("old_logps"));
        float[] sampler = row.has("sampler_logps") ? floats(row.required("sampler_logps")) : oldLogps;
        Completion completion = new Completion(
                row.required("completion").textValue(),
                ints(row.required("token_ids")),
                oldLogps,
                sampler,
                FinishReason.valueOf(row.required("finish_reason").textValue()),
                support(row),
                row.has("turns") ? JSON.convertValue(row.required("turns"), ToolTurns.class) : null);
        Trajectory trajectory = new Trajectory(
                Prompt.plain(row.required("prompt").textValue()),
                ints(row.required("prompt_ids")),
                completion,
                row.required("group").intValue(),
                row.required("policy_version").longValue(),
                Score.of(row.required("score").doubleValue()));
        JsonNode reference = row.required("reference_logps");
        return new Experience(
                trajectory,
                oldLogps,
                reference.isNull() ? null : floats(reference),
                JSON.convertValue(row.required("advantages"), double[].class),
                row.has("weights")
                        ? JSON.convertValue(row.required("weights"), double[].class)
                        : SampledTokens.ones(oldLogps.length),
                row.path("counts").asBoolean(true),
                row.has("values")
                        ? new ValueTargets(
                                floats(row.required("values")),
                                JSON.convertValue(row.required("returns"), double[].class))
                        : null);
    }

    /** Bytes in base64, and where each token's end. */
    private static @Nullable TokenSupports support(JsonNode row) {
        return row.has("support")
                ? TokenSupports.of(
                        JSON.convertValue(row.required("support"), byte[].class), ints(row.required("support_ends")))
                : null;
    }

    /** Widened, since the shortest decimal of a float read as a double need not round to it. */
    private static double[] doubles(float[] narrow) {
        double[] wide = new double[narrow.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }

    private static float[] floats(JsonNode list) {
        double[] wide = JSON.convertValue(list, double[].class);
        float[] narrow = new float[wide.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) wide[i];
        }
        return narrow;
    }

    private static int[] ints(JsonNode list) {
        return JSON.convertValue(list, int[].class);
    }
}
