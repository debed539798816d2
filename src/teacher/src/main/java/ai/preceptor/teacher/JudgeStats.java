package ai.preceptor.teacher;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How judging went.
 *
 * @param questions that were asked: comparisons, answers to grade, or answers to rank
 * @param undecided of these, without a verdict or score
 * @param bias what the order of two answers did, where both orders were asked
 * @param voted questions with at least two votes that could be read
 * @param agreements sum over them of the share of votes that are the most frequent one
 */
public record JudgeStats(long questions, long undecided, PositionBias bias, long voted, double agreements) {

    /** Before anything was asked. */
    public static final JudgeStats NONE = new JudgeStats(0, 0, PositionBias.NONE_SEEN, 0, 0);

    /** What keeps such counts. */
    @FunctionalInterface
    public interface Source {
        /** The counts so far; from any thread. */
        JudgeStats stats();
    }

    /** Both together. */
    public JudgeStats plus(JudgeStats other) {
        return new JudgeStats(
                questions + other.questions,
                undecided + other.undecided,
                bias.plus(other.bias),
                voted + other.voted,
                agreements + other.agreements);
    }

    /** What was counted since {@code earlier}, an earlier state of the same judge. */
    public JudgeStats since(JudgeStats earlier) {
        return new JudgeStats(
                questions - earlier.questions,
                undecided - earlier.undecided,
                bias.since(earlier.bias),
                voted - earlier.voted,
                agreements - earlier.agreements);
    }

    /** These with the votes of a judge whose questions are parts of this one's. */
    JudgeStats withVotesOf(JudgeStats asked) {
        return new JudgeStats(questions, undecided, bias, voted + asked.voted, agreements + asked.agreements);
    }

    /** The figures by their names on the metrics page; one that nothing was counted for is left out. */
    public Map<String, Number> toRow() {
        Map<String, Number> row = new LinkedHashMap<>();
        if (questions > 0) {
            row.put("judge/questions", questions);
            row.put("judge/undecided", (double) undecided / questions);
        }
        if (bias.comparisons() > 0) {
            row.put("judge/comparisons", bias.comparisons());
            row.put("judge/disagreement", bias.disagreementRate());
            row.put("judge/first_preference", bias.firstPreference());
        }
        if (voted > 0) {
            row.put("judge/vote_agreement", agreements / voted);
        }
        return row;
    }
}
