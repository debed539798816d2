package ai.preceptor.train.rows;

import ai.preceptor.train.run.Stateful;
import java.nio.file.Path;
import java.util.Map;

/**
 * The source of the loop's rows: a data set in epochs ({@link EpochRows}), or answers that the policy has just sampled.
 *
 * <p>The loop asks for the steps in order, each once; after a resume it goes on at the step the checkpoint names.
 */
public interface RowSource<R> extends Stateful {

    /**
     * The rows of optimizer step {@code step}.
     *
     * @param step 0-based
     * @return {@link StepRows#exhausted} when there are no more
     */
    StepRows<R> at(int step);

    /** Optimizer steps in one pass over the source; 0 for an endless one, which then needs {@code max_steps}. */
    int stepsPerEpoch();

    /**
     * What must be the same again for a resumed run to be the same run, as key and value: the number of rows, a
     * checksum of them. Compared with the checkpoint's before anything is loaded.
     */
    default Map<String, String> identity() {
        return Map.of();
    }

    /** Writes what {@link #at} cannot compute from the step number; nothing by default. */
    @Override
    default void saveState(Path checkpoint) {}

    @Override
    default void loadState(Path checkpoint) {}
}
