package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Problem;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
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
    static final String TOOL_MASK = "tool_mask";
    static final String TOOL_TURNS = "tool_turns";
    static final String TOOL_CALLS = "tool_calls";
    static final String TOOL_FAILURES = "tool_failures";
    static final String SAID = "said";
    static final String OUTPUTS = "outputs";

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
            scores = List.of(row.has(TOKEN_SCORES) ? withTokens(found, row, completion.length()) : found);
        }
        List<Object> group = group(row);
        Map<String, @Nullable Object> columns = row.map("columns");
        return new RecordedRow(new RecordedAnswers(new Prompt(prompt, columns), List.of(completion), scores), group);
    }

    /** What the lines of single answers to one prompt have in common. */
    static List<Object> group(Row row) throws RowException {
        List<Object> group = new ArrayList<>(List.of(row.promptText(PROMPT)));
        for (String key : List.of("step", "policy_version", "group")) {
            group.add(String.valueOf(row.optionalNumber(key)));
        }
        return group;
    }

    private static Score withTokens(Score score, Row row, int tokens) throws RowException {
        List<Score.TokenScore> scores = tokenScores(row, tokens);
        if (!score.isScored() && !scores.isEmpty()) {
            throw RowException.key(TOKEN_SCORES, "none with a score of null", "a list of " + scores.size());
        }
        return score.withTokens(scores);
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
        int[] all = row.ints(TOKEN_IDS, place);
        Tokens turns = Tokens.read(row, place, all);
        float[] logprobs = turns.sampled(floats(row, LOGPROBS, place, all.length));
        float[] sampling = row.has(SAMPLING_LOGPROBS)
                ? turns.sampled(floats(row, SAMPLING_LOGPROBS, place, all.length))
                : logprobs;
        TokenSupports support = support(row, place);
        Completion completion;
        try {
            completion = new Completion(
                    answer, turns.ids(), logprobs, sampling, finishReason(row, place), support, turns.turns());
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

    /**
     * The tokens of a recorded answer, those of tools taken out.
     *
     * @param mask for each token of the line, whether the model sampled it
     * @param ids those that it did
     * @param turns the others; null where there are none
     */
    @SuppressWarnings("ArrayRecordComponent") // parts of a line, compared by nobody
    private record Tokens(
            boolean[] mask, int[] ids, @Nullable ToolTurns turns) {

        /** Takes {@code tool_mask} and what goes with it; without one the model sampled all tokens. */
        static Tokens read(Row row, String place, int[] all) throws RowException {
            boolean[] mask = mask(row, place, all.length);
            int sampled = 0;
            int[] ids = new int[all.length];
            List<int[]> runs = new ArrayList<>();
            for (int t = 0; t < all.length; t++) {
                if (mask[t]) {
                    ids[sampled++] = all[t];
                } else {
                    int from = t;
                    while (!mask[t + 1]) {
                        t++;
                    }
                    runs.add(new int[] {sampled, from, t + 1});
                }
            }
            return new Tokens(mask, Arrays.copyOf(ids, sampled), turns(row, place, all, runs));
        }

        private static boolean[] mask(Row row, String place, int length) throws RowException {
            boolean[] mask = new boolean[length];
            Arrays.fill(mask, true);
            if (!row.has(TOOL_MASK)) {
                return mask;
            }
            int[] marks = row.ints(TOOL_MASK, place);
            if (marks.length != length || Arrays.stream(marks).anyMatch(mark -> mark != 0 && mark != 1)) {
                throw RowException.key(
                        place + TOOL_MASK, "0 or 1 for each of " + length + " tokens", Arrays.toString(marks));
            }
            if (length == 0 || marks[0] == 0 || marks[length - 1] == 0) {
                throw RowException.key(
                        place + TOOL_MASK, "1 for the first token and for the last", Arrays.toString(marks));
            }
            for (int t = 0; t < length; t++) {
                mask[t] = marks[t] == 1;
            }
            return mask;
        }

        /** @param runs of tokens that tools wrote: how many were sampled before, from, to */
        private static @Nullable ToolTurns turns(Row row, String place, int[] all, List<int[]> runs)
                throws RowException {
            List<Row> told = row.has(TOOL_TURNS) ? row.objects(TOOL_TURNS) : List.of();
            if (!told.isEmpty() && told.size() != runs.size()) {
                throw RowException.key(
                        place + TOOL_TURNS,
                        "one for each run of 0 in tool_mask (" + runs.size() + ")",
                        "a list of " + told.size());
            }
            List<ToolTurns.Turn> turns = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                int[] run = runs.get(i);
                Row turn = told.isEmpty() ? null : told.get(i);
                turns.add(new ToolTurns.Turn(
                        run[0],
                        Arrays.copyOfRange(all, run[1], run[2]),
                        turn == null ? "" : turn.string(SAID, place + TOOL_TURNS + "."),
                        turn == null ? List.of() : turn.strings(OUTPUTS)));
            }
            int calls = count(row, place, TOOL_CALLS, turns.size());
            int failures = count(row, place, TOOL_FAILURES, 0);
            if (failures > calls || (calls == 0 && !turns.isEmpty())) {
                throw RowException.key(
                        place + TOOL_CALLS,
                        "at least tool_failures (" + failures + "), and 1 where tool_mask has a 0",
                        String.valueOf(calls));
            }
            return turns.isEmpty() && !row.has(TOOL_CALLS) ? null : new ToolTurns(turns, calls, failures);
        }

        private static int count(Row row, String place, String key, int otherwise) throws RowException {
            Double found = row.optionalNumber(key);
            if (found == null) {
                return otherwise;
            }
            if (found < 0 || found != Math.rint(found) || found > Integer.MAX_VALUE) {
                throw RowException.key(place + key, "a whole number from 0", String.valueOf(found));
            }
            return found.intValue();
        }

        /** Of numbers for each token of the line, those of sampled ones. */
        float[] sampled(float[] all) {
            if (ids.length == all.length) {
                return all;
            }
            float[] own = new float[ids.length];
            int next = 0;
            for (int t = 0; t < mask.length; t++) {
                if (mask[t]) {
                    own[next++] = all[t];
                }
            }
            return own;
        }
    }
}
