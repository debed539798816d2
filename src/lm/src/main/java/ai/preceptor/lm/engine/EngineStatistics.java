package ai.preceptor.lm.engine;

/**
 * Counters of an engine.
 *
 * @param running samples that have rows
 * @param waiting samples that wait for rows or for room
 * @param reservedBlocks blocks of the key-value store that are reserved
 * @param blocks all of them
 * @param prefilledTokens prompt tokens computed
 * @param generatedTokens tokens drawn
 * @param decodeSteps steps of the running rows
 * @param decodedRows rows in all of these steps; divided by the steps it is the mean batch
 * @param prefillNanos time of prefills and first tokens
 * @param decodeNanos time of decode steps on the device
 * @param stepNanos time inside {@link EngineSession#step}, everything included
 */
public record EngineStatistics(
        int running,
        int waiting,
        int reservedBlocks,
        int blocks,
        long prefilledTokens,
        long generatedTokens,
        long decodeSteps,
        long decodedRows,
        long prefillNanos,
        long decodeNanos,
        long stepNanos) {

    /** What the engine adds to its computations, as a fraction of them. */
    public double overhead() {
        long computing = prefillNanos + decodeNanos;
        return computing == 0 ? 0 : (double) (stepNanos - computing) / computing;
    }
}
