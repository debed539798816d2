package ai.preceptor.policy.credit;

/**
 * Scores of steps as rewards of the tokens that end them, for an estimator of token credit: what a step earns is told to the
 * tokens up to it and not to those after it.
 *
 * <p>Source: Wang et al. 2023, Math-Shepherd, arXiv:2312.08935, 3.5 (PPO with a reward at the end of each step); Uesato et al.
 * 2022, arXiv:2211.14275. The return of an answer is then the sum of its steps' scores, whatever they were aggregated to:
 * scores above 0 pay for more steps. Cheng et al. 2025, arXiv:2504.15275, show how that is exploited.
 *
 * @param tokens gives each token credit by {@link ScoredAnswers#tokenRewards}
 */
public record StepRewards(CreditAssignment tokens) implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        return tokens.assign(batch);
    }

    @Override
    public String name() {
        return tokens.name() + " of steps";
    }

    @Override
    public int fewestScored() {
        return tokens.fewestScored();
    }

    @Override
    public boolean needsGreedyAnswers() {
        return tokens.needsGreedyAnswers();
    }

    @Override
    public boolean readsTokenScores() {
        return true;
    }
}
