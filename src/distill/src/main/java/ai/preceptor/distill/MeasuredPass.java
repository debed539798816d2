package ai.preceptor.distill;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.util.List;

/** A pass over rows that can also be taken without learning. */
public interface MeasuredPass extends Pass<TokenRow> {

    /** The same as {@link #run} without a gradient, for rows that are not trained on. */
    Contribution measure(List<TokenRow> rows, PackedBatch batch, Totals step);
}
