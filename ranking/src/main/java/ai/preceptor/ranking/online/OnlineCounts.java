package ai.preceptor.ranking.online;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an online run has taken, over all its processes.
 *
 * @param samples answers
 * @param unscored answers that the scorer gave no score
 * @param prompts prompts that were answered
 * @param used prompts that were learnt from
 * @param ties prompts left out since all their answers had the same score
 * @param repeated prompts left out since their answers were the same
 * @param withoutScores prompts left out since fewer than two answers had a score
 * @param surplus prompts left out since the step had its rows
 */
public record OnlineCounts(
        long samples,
        long unscored,
        long prompts,
        long used,
        long ties,
        long repeated,
        long withoutScores,
        long surplus) {

    static final OnlineCounts NONE = new OnlineCounts(0, 0, 0, 0, 0, 0, 0, 0);

    /** With what became of a prompt more. */
    OnlineCounts plus(AnswerSelection.Outcome outcome, boolean surplusOne, int answers, int unscoredAnswers) {
        boolean taken = outcome == AnswerSelection.Outcome.USED;
        return new OnlineCounts(
                samples + answers,
                unscored + unscoredAnswers,
                prompts + 1,
                used + (taken && !surplusOne ? 1 : 0),
                ties + (outcome == AnswerSelection.Outcome.TIE ? 1 : 0),
                repeated + (outcome == AnswerSelection.Outcome.REPEATED ? 1 : 0),
                withoutScores + (outcome == AnswerSelection.Outcome.UNSCORED ? 1 : 0),
                surplus + (taken && surplusOne ? 1 : 0));
    }

    /** What {@code summary.json} says. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("samples", samples);
        row.put("samples_unscored", unscored);
        row.put("groups", prompts);
        row.put("groups_used", used);
        row.put("groups_tied", ties);
        row.put("groups_repeated", repeated);
        row.put("groups_unscored", withoutScores);
        row.put("groups_surplus", surplus);
        return row;
    }
}
