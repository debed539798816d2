package ai.preceptor.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param steps optimizer steps done in all
 * @param resumedFrom steps that an earlier process had done, 0 when there was none
 * @param epoch passes over the rows
 * @param tokens tokens fed to the model in training
 * @param seconds this process spent on the run
 * @param trainLoss mean loss over the steps of this process; NaN when it made none
 * @param last the last step of this process; null when it made none
 */
public record TrainSummary(
        int steps,
        int resumedFrom,
        double epoch,
        long tokens,
        double seconds,
        double trainLoss,
        @Nullable StepMetrics last) {

    /** What {@code summary.json} says, under the names of transformers where it has them. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("steps", steps);
        row.put("resumed_from", resumedFrom);
        row.put("epoch", epoch);
        row.put("tokens", tokens);
        row.put("train_runtime", seconds);
        if (last != null) {
            row.put("train_loss", trainLoss);
            row.put("last_step", last.row());
        }
        return row;
    }
}
