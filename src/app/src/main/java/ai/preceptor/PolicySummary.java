package ai.preceptor;

import ai.preceptor.policy.LearnerCounts;
import ai.preceptor.rollout.DeadLetter;
import ai.preceptor.train.TrainSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What optimizing a policy came to.
 *
 * @param training the loop's account
 * @param counts answers and prompts that this process took, and those that could not be learnt from
 * @param tooLong prompts left out at the start because they leave no room for an answer
 * @param setAside prompts that could not be answered, each with its first cause
 */
public record PolicySummary(TrainSummary training, LearnerCounts counts, int tooLong, List<DeadLetter> setAside) {
    /** Copies the list. */
    public PolicySummary {
        setAside = List.copyOf(setAside);
    }

    /** What {@code summary.json} says beside the training's own. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("samples", counts.samples());
        row.put("samples_unscored", counts.unscored());
        row.put("groups", counts.groups());
        row.put("groups_skipped", counts.skippedGroups());
        row.put("prompts_too_long", tooLong);
        row.put("prompts_set_aside", setAside.size());
        return row;
    }
}
