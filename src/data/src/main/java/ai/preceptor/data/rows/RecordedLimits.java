package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Problem;
import ai.preceptor.data.support.TokenSupports;
import java.util.Optional;

/**
 * What recorded answers must be for a run to learn from them.
 *
 * @param vocabulary token ids are below it
 * @param maxCompletionLength most tokens of an answer
 * @param answers to each prompt; 0 for as many as the first prompt has
 * @param lengthKey the key that says how long an answer may be
 */
public record RecordedLimits(int vocabulary, int maxCompletionLength, int answers, String lengthKey) {
    /** Above 0 by this much a log-probability is rounding. */
    private static final double ROUNDING = 1e-4;

    /** @throws IllegalArgumentException if a number is out of range */
    public RecordedLimits {
        if (vocabulary < 1 || maxCompletionLength < 1 || answers < 0) {
            throw new IllegalArgumentException("vocabulary: " + vocabulary + ", maxCompletionLength: "
                    + maxCompletionLength + ", answers: " + answers + ", expected 1 or more, 1 or more, 0 or more");
        }
    }

    /** Those of a policy. */
    public RecordedLimits(int vocabulary, int maxCompletionLength, int answers) {
        this(vocabulary, maxCompletionLength, answers, "max_completion_length");
    }

    /** The first problem of an answer, by the name of its field in a file. */
    Optional<Problem> problem(Completion answer) {
        int[] ids = answer.allIds();
        if (ids.length < 1 || ids.length > maxCompletionLength) {
            return refused(
                    RecordedRow.TOKEN_IDS,
                    "expected 1 to " + maxCompletionLength + " tokens (" + lengthKey + "), found " + ids.length);
        }
        for (int t = 0; t < ids.length; t++) {
            int id = ids[t];
            if (id < 0 || id >= vocabulary) {
                return refused(
                        RecordedRow.TOKEN_IDS + "[" + t + "]",
                        "expected a token id in [0, " + vocabulary + "), the model's vocabulary, found " + id);
            }
        }
        TokenSupports support = answer.support();
        for (int t = 0; support != null && t < answer.length(); t++) {
            int largest = support.isWhole(t) ? 0 : support.ids(t)[support.ids(t).length - 1];
            if (largest >= vocabulary) {
                return refused(
                        RecordedRow.SUPPORT,
                        "expected token ids in [0, " + vocabulary + "), the model's vocabulary, found " + largest);
            }
        }
        return problem(RecordedRow.LOGPROBS, answer.logprobs())
                .or(() -> problem(RecordedRow.SAMPLING_LOGPROBS, answer.samplerLogprobs()));
    }

    private static Optional<Problem> problem(String field, float[] logprobs) {
        for (int t = 0; t < logprobs.length; t++) {
            if (!(Float.isFinite(logprobs[t]) && logprobs[t] <= ROUNDING)) {
                return refused(
                        field + "[" + t + "]", "expected a finite log-probability, at most 0, found " + logprobs[t]);
            }
        }
        return Optional.empty();
    }

    /**
     * The first problem of a prompt's answers, named as {@code completions[1].token_ids[5]: ...}.
     *
     * @param expected answers to each prompt
     */
    public Optional<Problem> problem(RecordedAnswers row, int expected) {
        int found = row.completions().size();
        if (found != expected) {
            return Optional.of(new Problem(
                    RecordedRow.COMPLETIONS,
                    "expected " + expected + " answers, "
                            + (answers > 0 ? "num_generations" : "as the first prompt has") + ", found " + found));
        }
        for (int i = 0; i < found; i++) {
            String answer = RecordedRow.COMPLETIONS + "[" + i + "].";
            Optional<Problem> problem =
                    problem(row.completions().get(i)).map(one -> new Problem(answer + one.key(), one.message()));
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<Problem> refused(String field, String message) {
        return Optional.of(new Problem(field, message));
    }
}
