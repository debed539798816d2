package ai.preceptor.train;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.rows.Packer;
import java.util.List;
import java.util.Map;

/**
 * One micro-batch, forward and backward: the part of the loop that knows an objective's inputs. {@link ObjectivePass}
 * reads log-probabilities, {@link RewardObjectivePass} rewards; the loop sees neither.
 */
public interface Pass<R> extends Packer<R> {

    /**
     * Runs a micro-batch and leaves its gradients in the model, added to those already there.
     *
     * @param rows the rows, in the order they were packed
     * @param batch the rows, packed
     * @param step totals of the whole optimizer step
     */
    Contribution run(List<R> rows, PackedBatch batch, Totals step);

    /**
     * How many tokens of a micro-batch count in {@link Totals#tokens}: all targets unless the objective says otherwise.
     *
     * @param rows the rows, in the order they were packed
     * @param batch the rows, packed
     */
    default int tokens(List<R> rows, PackedBatch batch) {
        return batch.targets().length;
    }

    /**
     * The exchangeable parts by which it learns, by what they are: {@code loss}, {@code advantages}. A run goes on only with
     * parts of the same names.
     */
    default Map<String, String> parts() {
        return Map.of();
    }

    /**
     * What a micro-batch adds to its step.
     *
     * @param loss its share of the loss; shares add up
     * @param metrics mergeable over micro-batches
     */
    record Contribution(double loss, Map<String, Metric> metrics) {}
}
