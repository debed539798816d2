package ai.preceptor.teacher.elicit;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A ledger's record as a JSON object, and back. */
record LedgerRow(Provenance provenance) {
    private static final String TEACHER = "teacher";
    private static final String SAMPLER = "sampler";
    private static final String TEACHER_DIGEST = "teacher_sha256";
    private static final String SAMPLER_DIGEST = "sampler_sha256";
    /** Words of a provenance that is shown as a whole. */
    private static final int SHORT = 6;

    private static final String MODELS = "models";
    private static final String CRITIQUES = "critiques";
    private static final String PARTS = "parts";

    private static final JsonMapper JSON = new JsonMapper();

    Map<String, @Nullable Object> row(int occurrence, Elicited elicited) {
        List<ScoredAnswer> answers = elicited.answers();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("prompt", elicited.prompt().text().toJson());
        row.put("responses", answers.stream().map(ScoredAnswer::text).toList());
        List<@Nullable Double> scores = new ArrayList<>();
        List<@Nullable String> problems = new ArrayList<>();
        for (ScoredAnswer answer : answers) {
            scores.add(answer.score().isScored() ? answer.score().value() : null);
            problems.add(answer.score().problem());
        }
        row.put("scores", scores);
        row.put("problems", problems);
        row.put("finished", answers.stream().map(ScoredAnswer::finished).toList());
        if (answers.stream().anyMatch(answer -> answer.model() != null)) {
            row.put(MODELS, answers.stream().map(ScoredAnswer::model).toList());
        }
        if (answers.stream().anyMatch(answer -> answer.score().critique() != null)) {
            row.put(
                    CRITIQUES,
                    answers.stream().map(answer -> answer.score().critique()).toList());
        }
        if (answers.stream().anyMatch(answer -> !answer.score().parts().isEmpty())) {
            row.put(PARTS, answers.stream().map(LedgerRow::parts).toList());
        }
        row.put("columns", elicited.prompt().columns());
        row.put("occurrence", occurrence);
        row.put(TEACHER, provenance.teacher());
        row.put(SAMPLER, provenance.sampler());
        putDigest(row, TEACHER_DIGEST, provenance.teacherDigest());
        putDigest(row, SAMPLER_DIGEST, provenance.samplerDigest());
        return row;
    }

    private static void putDigest(Map<String, @Nullable Object> row, String key, String digest) {
        if (!digest.isEmpty()) {
            row.put(key, digest);
        }
    }

    private static List<Map<String, @Nullable Object>> parts(ScoredAnswer answer) {
        List<Map<String, @Nullable Object>> parts = new ArrayList<>();
        for (Score.Part part : answer.score().parts()) {
            Map<String, @Nullable Object> own = new LinkedHashMap<>();
            own.put("name", part.name());
            own.put("value", Double.isNaN(part.value()) ? null : part.value());
            own.put("weight", part.weight());
            parts.add(own);
        }
        return parts;
    }

    /** What tells records apart, of a prompt. */
    String key(Prompt prompt, int occurrence) {
        return key(JSON.valueToTree(prompt.text().toJson()), JSON.valueToTree(prompt.columns()), occurrence);
    }

    /** The same of a row. */
    String key(JsonNode row) {
        return key(row.get("prompt"), row.get("columns"), row.get("occurrence").asInt());
    }

    private static String key(JsonNode prompt, JsonNode columns, int occurrence) {
        return occurrence + " " + prompt + " " + columns;
    }

    /** Refuses a row that is not a record, or is one of another provenance. */
    void check(Path file, long line, JsonNode row) {
        int answers = row.path("responses").size();
        boolean whole = row.has("prompt")
                && row.path("columns").isObject()
                && row.path("occurrence").isInt()
                && row.path(TEACHER).isTextual()
                && row.path(SAMPLER).isTextual()
                && List.of("scores", "problems", "finished").stream()
                        .allMatch(key -> row.path(key).size() == answers)
                && List.of(MODELS, CRITIQUES, PARTS).stream()
                        .allMatch(key -> !row.has(key) || row.path(key).size() == answers)
                && all(row, "responses", JsonNode::isTextual)
                && all(row, "scores", score -> score.isNumber() || score.isNull());
        if (!whole) {
            throw DataException.at(file, line, "expected a record of a ledger, found " + keys(row));
        }
        requireSame(file, line, TEACHER, row.get(TEACHER).textValue(), provenance.teacher());
        requireSame(file, line, SAMPLER, row.get(SAMPLER).textValue(), provenance.sampler());
        requireFiles(file, line, TEACHER, row, TEACHER_DIGEST, provenance.teacherDigest());
        requireFiles(file, line, SAMPLER, row, SAMPLER_DIGEST, provenance.samplerDigest());
    }

    private static boolean all(JsonNode row, String key, Predicate<JsonNode> legal) {
        for (JsonNode value : row.path(key)) {
            if (!legal.test(value)) {
                return false;
            }
        }
        return true;
    }

    private static String keys(JsonNode row) {
        List<String> keys = new ArrayList<>();
        row.fieldNames().forEachRemaining(keys::add);
        return "a row with the keys " + keys;
    }

    private static void requireSame(Path file, long line, String key, String recorded, String now) {
        if (!recorded.equals(now)) {
            List<String> was = List.of(recorded.split(" ", -1));
            List<String> is = List.of(now.split(" ", -1));
            boolean alike = was.size() == is.size() && was.size() > SHORT;
            throw new ConfigurationException(file + ":" + line + ": was elicited with " + key + " \""
                    + (alike ? different(was, is) : recorded) + "\", this run has \""
                    + (alike ? different(is, was) : now)
                    + "\"; choose another output, or move the file away to ask again");
        }
    }

    /** The words of the first that the second has not in the same place, with keys as a configuration has them. */
    private static String different(List<String> words, List<String> others) {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (!words.get(i).equals(others.get(i))) {
                String word = words.get(i).replaceFirst("^\\w+\\[", "").replaceFirst("[,\\]]+$", "");
                int name = word.indexOf('=') < 0 ? 0 : word.indexOf('=');
                different.add(
                        word.substring(0, name).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)
                                + word.substring(name));
            }
        }
        return String.join(", ", different);
    }

    /** Files that have not changed since; a record without their digest is of an earlier version, and stands. */
    private static void requireFiles(Path file, long line, String key, JsonNode row, String name, String now) {
        String recorded = row.path(name).asText();
        if (!recorded.isEmpty() && !now.isEmpty() && !recorded.equals(now)) {
            throw new ConfigurationException(file + ":" + line + ": was elicited with " + key + " \""
                    + row.get(key).textValue() + "\" when its files were others (" + name + " " + recorded + ", now "
                    + now + "); choose another output, or move the file away to ask again");
        }
    }

    /** The record of a prompt. */
    Elicited elicited(Prompt prompt, JsonNode row) {
        List<ScoredAnswer> answers = new ArrayList<>();
        for (int i = 0; i < row.get("responses").size(); i++) {
            JsonNode value = row.get("scores").get(i);
            Score score = value.isNull()
                    ? Score.unscored(row.get("problems").get(i).asText())
                    : Score.of(value.doubleValue());
            answers.add(new ScoredAnswer(
                    row.get("responses").get(i).textValue(),
                    row.get("finished").get(i).asBoolean(),
                    score.with(parts(row.path(PARTS).path(i)))
                            .with(row.path(CRITIQUES).path(i).asText("")),
                    row.path(MODELS).path(i).textValue()));
        }
        return new Elicited(prompt, answers);
    }

    private static List<Score.Part> parts(JsonNode row) {
        List<Score.Part> parts = new ArrayList<>();
        for (JsonNode part : row) {
            parts.add(new Score.Part(
                    part.path("name").asText(),
                    part.path("value").asDouble(Double.NaN),
                    part.path("weight").asDouble(0)));
        }
        return parts;
    }
}
