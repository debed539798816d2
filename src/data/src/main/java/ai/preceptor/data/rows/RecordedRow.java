package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Problem;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.support.TokenSupports;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of recorded answers: all answers to a prompt as {@code generate} writes them, or a single one as {@code policy}
 * writes it to {@code samples.jsonl}.
 *
 * @param answers those of the line
 * @param group equal for the single answers of one prompt that follow each other; null for a line with all answers
 */
record RecordedRow(RecordedAnswers answers, @Nullable List<Object> group) {
    static final String COMPLETIONS = "completions";
    static final String TEXT = "text";
    static final String TOKEN_IDS = "token_ids";
    static final String LOGPROBS = "logprobs";
    static final String SAMPLING_LOGPROBS = "sampling_logprobs";
    static final String SUPPORT = "support";
    static final String SUPPORT_ENDS = "support_ends";
    static final String FINISH_REASON = "finish_reason";

    private static final String PROMPT = "prompt";
    private static final String TOKEN_SCORES = "token_scores";
    private static final String SCORES = "scores";
    private static final String NO_SCORE = "recorded without a score";

    /** Takes a line apart and checks its answers. */
    static RecordedRow parse(Row row, RecordedLimits limits) throws RowException {
        if (row.has(COMPLETIONS)) {
            return whole(row, limits);
        }
        if (row.has("completion") && row.has(TOKEN_IDS)) {
            return single(row, limits);
        }
        throw new RowException(
                "expected the keys prompt and completions, as generate writes them, or prompt, completion"
                        + " and token_ids, as in a policy run's samples.jsonl; the row has the keys " + row.keys());
    }

    private static RecordedRow whole(Row row, RecordedLimits limits) throws RowException {
        Text prompt = row.promptText(PROMPT);
        List<Row> objects = row.objects(COMPLETIONS);
        if (objects.isEmpty()) {
            throw RowException.key(COMPLETIONS, "at least 1 answer", "an empty list");
        }
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            completions.add(completion(objects.get(i), TEXT, COMPLETIONS + "[" + i + "].", limits));
        }
        List<Score> scores = null;
        if (row.has(SCORES)) {
            scores = new ArrayList<>();
            for (Double score : row.optionalNumbers(SCORES)) {
                scores.add(score == null ? Score.unscored(NO_SCORE) : Score.of(score));
            }
            if (scores.size() != completions.size()) {
                throw RowException.key(
                        SCORES, "one per answer (" + completions.size() + ")", "a list of " + scores.size());
            }
        }
        return new RecordedRow(new RecordedAnswers(new Prompt(prompt, row.columns()), completions, scores), null);
    }

    private static RecordedRow single(Row row, RecordedLimits limits) throws RowException {
        Text prompt = row.promptText(PROMPT);
        Completion completion = completion(row, "completion", "", limits);
        List<Score> scores = null;
        if (row.names("score")) {
            Double score = row.optionalNumber("score");
            String problem = row.optionalString("problem");
            Score found = score == null ? Score.unscored(problem == null ? NO_SCORE : problem) : Score.of(score);
            scores = List.of(row.has(TOKEN_SCORES) ? found.withTokens(tokenScores(row, completion.length())) : found);
        }
        List<Object> group = new ArrayList<>(List.of(prompt));
        for (String key : List.of("step", "policy_version", "group")) {
            group.add(String.valueOf(row.optionalNumber(key)));
        }
        Map<String, @Nullable Object> columns = row.map("columns");
        return new RecordedRow(new RecordedAnswers(new Prompt(prompt, columns), List.of(completion), scores), group);
    }

    private static List<Score.TokenScore> tokenScores(Row row, int tokens) throws RowException {
        List<Score.TokenScore> scores = new ArrayList<>();
        for (List<Double> pair : row.pairs(TOKEN_SCORES)) {
            double token = pair.get(0);
            int last = scores.isEmpty() ? -1 : scores.get(scores.size() - 1).token();
            if (token != Math.rint(token) || token <= last || token >= tokens) {
                throw RowException.key(TOKEN_SCORES, "increasing indexes of tokens below " + tokens, "index " + token);
            }
            scores.add(new Score.TokenScore((int) token, pair.get(1)));
        }
        return scores;
    }

    private static Completion completion(Row row, String text, String place, RecordedLimits limits)
            throws RowException {
        String answer = row.string(text, place);
        int[] ids = row.ints(TOKEN_IDS, place);
        float[] logprobs = floats(row, LOGPROBS, place, ids.length);
        float[] sampling = row.has(SAMPLING_LOGPROBS) ? floats(row, SAMPLING_LOGPROBS, place, ids.length) : logprobs;
        TokenSupports support = support(row, place);
        Completion completion;
        try {
            completion = new Completion(answer, ids, logprobs, sampling, finishReason(row, place), support);
        } catch (IllegalArgumentException e) { // a support of other tokens
            throw new RowException("key \"" + place + SUPPORT + "\": " + e.getMessage());
        }
        Optional<Problem> problem = limits.problem(completion);
        if (problem.isPresent()) {
            throw new RowException("key \"" + place + problem.get().key() + "\": "
                    + problem.get().message());
        }
        return completion;
    }

    private static @Nullable TokenSupports support(Row row, String place) throws RowException {
        if (!row.has(SUPPORT)) {
            row.ignore(SUPPORT_ENDS);
            return null;
        }
        String bytes = row.string(SUPPORT, place);
        try {
            return TokenSupports.of(Base64.getDecoder().decode(bytes), row.ints(SUPPORT_ENDS, place));
        } catch (IllegalArgumentException e) {
            throw new RowException("key \"" + place + SUPPORT + "\": " + e.getMessage());
        }
    }

    private static float[] floats(Row row, String key, String place, int expected) throws RowException {
        float[] values = row.floats(key, place);
        if (values.length != expected) {
            throw RowException.key(
                    place + key, "one number per token (" + expected + ")", "a list of " + values.length);
        }
        return values;
    }

    private static FinishReason finishReason(Row row, String place) throws RowException {
        String found = row.string(FINISH_REASON, place);
        for (FinishReason reason : FinishReason.values()) {
            if (reason.name().toLowerCase(Locale.ROOT).equals(found)) {
                return reason;
            }
        }
        String legal = Arrays.stream(FinishReason.values())
                .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw RowException.key(place + FINISH_REASON, "one of " + legal, JsonDescriptions.quote(found));
    }
}
