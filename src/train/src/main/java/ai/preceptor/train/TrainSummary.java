package ai.preceptor.train;

import ai.preceptor.train.evaluation.HeldOutResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run, over all processes that worked on it.
 *
 * @param steps optimizer steps done in all
 * @param resumedFrom steps that an earlier process had done, 0 when there was none
 * @param epoch passes over the rows
 * @param tokens tokens fed to the model in training
 * @param seconds spent on the run; of a process that was killed, up to the checkpoint that the run went on from
 * @param trainLoss mean loss over the steps; NaN when there was none
 * @param last the last step; null when there was none
 * @param heldOut what evaluations on held-out rows came to; null where there were none
 */
public record TrainSummary(
        int steps,
        int resumedFrom,
        double epoch,
        long tokens,
        double seconds,
        double trainLoss,
        @Nullable StepMetrics last,
        @Nullable HeldOutResult heldOut) {

    /** What evaluation gave for the weights that the run ended with, {@code eval_NAME}; empty without any. */
    public Map<String, Double> evaluated() {
        return heldOut == null ? Map.of() : heldOut.values();
    }

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
        if (heldOut != null) {
            row.putAll(heldOut.row());
        }
        return row;
    }
}
