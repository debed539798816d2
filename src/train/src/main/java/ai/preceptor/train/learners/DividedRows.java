package ai.preceptor.train.learners;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.rows.RowSource;

/** Rows that are costly to make, so that a learner makes only its own. */
public interface DividedRows<R> extends RowSource<R> {
    /** Whole micro-batches of each step, such that every one has one learner; the steps are those of this source. */
    RowSource<R> of(Collective learners);
}
