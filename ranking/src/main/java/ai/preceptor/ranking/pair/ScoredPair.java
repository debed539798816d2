package ai.preceptor.ranking.pair;

/**
 * The scores of a pair's answers with their lengths in tokens.
 *
 * @param chosen score of the better answer, in nats
 * @param rejected score of the worse answer
 * @param chosenTokens at least 1
 * @param rejectedTokens at least 1
 */
record ScoredPair(double chosen, double rejected, int chosenTokens, int rejectedTokens) {
    /** The scores that a divergence makes of the log-ratios. */
    static ScoredPair of(AnswerPair pair, FDivergence divergence, double alpha) {
        return new ScoredPair(
                divergence.score(pair.chosen().logratio(), alpha),
                divergence.score(pair.rejected().logratio(), alpha),
                pair.chosen().tokens(),
                pair.rejected().tokens());
    }

    double margin() {
        return chosen - rejected;
    }

    /** The difference of the scores per token. */
    double meanMargin() {
        return chosen / chosenTokens - rejected / rejectedTokens;
    }
}
