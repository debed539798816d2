package ai.preceptor.online;

import ai.preceptor.ranking.online.OnlineCounts;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.train.TrainSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of preferences learnt online.
 *
 * @param training the loop's account
 * @param counts answers and prompts that the run took, and those that could not be learnt from
 * @param tooLong prompts left out at the start because they leave no room for an answer
 * @param setAsideBefore prompts that could not be answered, of earlier processes of the run
 * @param setAside those of this process, each with its first cause
 * @param evaluated what the last evaluation during the run gave, by its names on the metrics page; empty without any
 * @param actors what each that sampled or scored did in the run
 */
public record OnlineSummary(
        TrainSummary training,
        OnlineCounts counts,
        int tooLong,
        int setAsideBefore,
        List<DeadLetter> setAside,
        Map<String, Double> evaluated,
        List<ActorStats> actors) {
    /** Copies the lists. */
    public OnlineSummary {
        setAside = List.copyOf(setAside);
        actors = actors.stream().filter(use -> !use.stage().equals("feed")).toList();
    }

    /** What {@code summary.json} says beside the training's own. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>(counts.row());
        row.put("prompts_too_long", tooLong);
        row.put("prompts_set_aside", setAsideBefore + setAside.size());
        row.putAll(evaluated);
        row.put("actors", actors.stream().map(ActorStats::row).toList());
        return row;
    }
}
