package ai.preceptor.lm.optim;

/**
 * The rows of a block that one of several learners updates.
 *
 * @param first row
 * @param rows how many, 0 or more
 */
record RowShare(long first, long rows) {
    /** Learner {@code rank} of {@code world}: shares differ by one row at most. */
    static RowShare of(long rows, int rank, int world) {
        long first = rows * rank / world;
        return new RowShare(first, rows * (rank + 1) / world - first);
    }
}
