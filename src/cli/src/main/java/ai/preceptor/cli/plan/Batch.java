package ai.preceptor.cli.plan;

/**
 * A packed micro-batch: prompts, each once, with their answers, without padding.
 *
 * @param prompts number of prompts
 * @param answers answers to each
 * @param promptLength tokens of a prompt
 * @param answerLength tokens of an answer
 */
public record Batch(long prompts, long answers, long promptLength, long answerLength) {
    /** Queries attend in blocks of this many, in which keys that a mask hides are computed too. */
    private static final long QUERY_BLOCK = 96;

    /** Tokens that pass through the layers. */
    public long tokens() {
        return prompts * (promptLength + answers * answerLength);
    }

    /** Tokens whose log-probability is computed. */
    public long targets() {
        return prompts * answers * answerLength;
    }

    /** Pairs of a query and a key that one head computes a score of. */
    public long pairs() {
        return prompts * (within(promptLength) + answers * (answerLength * promptLength + within(answerLength)));
    }

    private static long within(long length) {
        return length * (length + Math.min(length, QUERY_BLOCK)) / 2;
    }
}
