package ai.preceptor.vector;

/**
 * How a row's next token is chosen. The order of what cuts off is transformers': the k most probable, then of these the fewest that
 * reach the share p, then those with at least a share of the most probable one's; tokens equal to the last kept one are kept too.
 *
 * @param greedy whether the most probable token is taken, of equals the first; then only {@code edit} and {@code reported} count
 * @param inverse 1 / temperature
 * @param k most tokens, 0 for all
 * @param p share of the probability, 1 for all
 * @param logMinP logarithm of the share of the most probable token's probability, minus infinity for none
 * @param uniform in [0, 1): a token is the inverse of the cumulative distribution, in the order of ids, there
 * @param edit changes of logits
 * @param support whether the ids that may be drawn are wanted
 * @param reported how many most probable tokens are wanted
 */
public record Drawing(
        boolean greedy,
        float inverse,
        int k,
        float p,
        float logMinP,
        double uniform,
        LogitEdit edit,
        boolean support,
        int reported) {

    boolean isFiltered() {
        return k > 0 || p < 1 || logMinP > Float.NEGATIVE_INFINITY;
    }
}
