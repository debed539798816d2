package ai.preceptor.teacher;

/**
 * How a local teacher is asked.
 *
 * @param likelihood how token log-probabilities become a score
 * @param rowsPerPass most rows in one pass, at least 1, see {@link BoundedPasses}
 * @param maxLength most tokens of a prompt with its answer, at least 2; a longer answer is left unscored
 */
public record LikelihoodOptions(Likelihood likelihood, int rowsPerPass, int maxLength) {

    /** @throws IllegalArgumentException naming the number that is out of its range */
    public LikelihoodOptions {
        if (rowsPerPass < 1) {
            throw new IllegalArgumentException("rows per pass: " + rowsPerPass + ", must be at least 1");
        }
        if (maxLength < 2) {
            throw new IllegalArgumentException("max_length: " + maxLength + ", must be at least 2");
        }
    }

    /**
     * Mean log-probability, in passes of the usual size.
     *
     * @param maxLength most tokens of a prompt with its answer
     */
    public static LikelihoodOptions mean(int maxLength) {
        return new LikelihoodOptions(Likelihood.MEAN, BoundedPasses.DEFAULT_ROWS, maxLength);
    }
}
