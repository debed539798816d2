package ai.preceptor.data.rows;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.Score;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with answers that were sampled before, by this program or another engine, and their scores where they have been
 * scored.
 *
 * @param prompt what was asked
 * @param completions the answers, at least one, with the log-probabilities of what sampled them; copied
 * @param scores one per answer, unscored where it has none; null if the answers have not been scored; copied
 */
public record RecordedAnswers(
        Prompt prompt,
        List<Completion> completions,
        @Nullable List<Score> scores) implements Prompted {

    /** @throws IllegalArgumentException if there is no answer, or not as many scores as answers */
    public RecordedAnswers {
        completions = List.copyOf(completions);
        if (completions.isEmpty()) {
            throw new IllegalArgumentException("completions: expected at least 1, received none");
        }
        if (scores != null) {
            scores = List.copyOf(scores);
            if (scores.size() != completions.size()) {
                throw new IllegalArgumentException(
                        "scores: expected one per answer (" + completions.size() + "), received " + scores.size());
            }
        }
    }

    /**
     * An answer as {@code generate} writes it and {@link Datasets#recordedAnswers} reads it: {@code text}, what {@link
     * #tokens} gives, {@code finish_reason}.
     */
    public static Map<String, Object> toRow(Completion completion) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(RecordedRow.TEXT, completion.text());
        row.putAll(tokens(completion));
        row.put(RecordedRow.FINISH_REASON, completion.finishReason().name().toLowerCase(Locale.ROOT));
        return row;
    }

    /**
     * What is known of an answer's tokens, to the last bit: {@code token_ids}, {@code logprobs}; {@code sampling_logprobs}
     * where they differ from those; {@code support} (base64) and {@code support_ends} where a filter left out ids. Where
     * tools were called, their tokens stand among the others with log-probability 0, {@code tool_mask} has 1 for each that
     * the model sampled, as TRL has it, and {@code tool_turns}, {@code tool_calls} and {@code tool_failures} say what was
     * called.
     */
    public static Map<String, Object> tokens(Completion completion) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put(RecordedRow.TOKEN_IDS, completion.allIds());
        row.put(RecordedRow.LOGPROBS, exact(completion, completion.logprobs()));
        if (!Arrays.equals(completion.logprobs(), completion.samplerLogprobs())) {
            row.put(RecordedRow.SAMPLING_LOGPROBS, exact(completion, completion.samplerLogprobs()));
        }
        TokenSupports support = completion.support();
        if (support != null) {
            row.put(RecordedRow.SUPPORT, support.bytes());
            row.put(RecordedRow.SUPPORT_ENDS, support.ends());
        }
        ToolTurns turns = completion.turns();
        if (turns != null) {
            if (!completion.isOneTurn()) {
                row.put(RecordedRow.TOOL_MASK, ones(completion.sampled()));
                row.put(RecordedRow.TOOL_TURNS, told(turns));
            }
            row.put(RecordedRow.TOOL_CALLS, turns.calls());
            row.put(RecordedRow.TOOL_FAILURES, turns.failures());
        }
        return row;
    }

    /** Scores of single tokens as {@code policy} writes them: pairs of a token's index and its score. */
    public static List<List<Number>> tokenScores(Score score) {
        return score.tokenScores().stream()
                .map(token -> List.<Number>of(token.token(), token.value()))
                .toList();
    }

    private static List<Map<String, Object>> told(ToolTurns turns) {
        List<Map<String, Object>> told = new ArrayList<>();
        for (ToolTurns.Turn turn : turns.turns()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put(RecordedRow.SAID, turn.said());
            one.put(RecordedRow.OUTPUTS, turn.outputs());
            told.add(one);
        }
        return told;
    }

    private static int[] ones(boolean[] marks) {
        int[] ones = new int[marks.length];
        Arrays.setAll(ones, i -> marks[i] ? 1 : 0);
        return ones;
    }

    /**
     * One for each token, 0 for those of tools. Widened: the shortest decimal of a float, read as a double, need not round
     * to that float.
     */
    private static double[] exact(Completion completion, float[] values) {
        boolean[] sampled = completion.sampled();
        double[] wide = new double[sampled.length];
        int next = 0;
        for (int i = 0; i < wide.length; i++) {
            wide[i] = sampled[i] ? values[next++] : 0;
        }
        return wide;
    }
}
