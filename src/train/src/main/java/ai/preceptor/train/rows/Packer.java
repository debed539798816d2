package ai.preceptor.train.rows;

import ai.preceptor.lm.batch.PackedBatch;

/** Adds a row's prompt and answers to a batch as tokens; the same row always adds the same tokens. */
@FunctionalInterface
public interface Packer<R> {
    /** Adds one row. */
    void pack(R row, PackedBatch.Builder into);
}
