package ai.preceptor.lm.engine;

import ai.preceptor.lm.engine.store.KvStore;

/** Counts for {@link EngineStatistics}. */
final class EngineTally {
    private long prefilledTokens;
    private long generatedTokens;
    private long decodeSteps;
    private long decodedRows;
    private long prefillNanos;
    private long decodeNanos;
    private long stepNanos;

    void prefilled(int tokens, int samples, long nanos) {
        prefilledTokens += tokens;
        generatedTokens += samples;
        prefillNanos += nanos;
    }

    void decoded(int rows, long nanos) {
        decodeSteps++;
        decodedRows += rows;
        generatedTokens += rows;
        decodeNanos += nanos;
    }

    void stepped(long nanos) {
        stepNanos += nanos;
    }

    EngineStatistics statistics(int running, int waiting, KvStore store) {
        return new EngineStatistics(
                running,
                waiting,
                store.reserved(),
                store.blocks(),
                prefilledTokens,
                generatedTokens,
                decodeSteps,
                decodedRows,
                prefillNanos,
                decodeNanos,
                stepNanos);
    }
}
