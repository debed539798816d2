package ai.preceptor.policy.credit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * PPO's credit: every token is an action with a reward of its own, and a critic's values are the baseline.
 *
 * <pre>
 *   r_t = -beta kl_t + [t = last] score        (divided by their deviation over the batch, if so asked)
 *   A   = generalized advantages of r and V, shifted and scaled to mean 0 and deviation 1 over all tokens of the batch
 *   R_t = A_t + V_t before that; with a lambda of their own, of the A of that lambda
 * </pre>
 *
 * <p>Source: Schulman et al. 2016, arXiv:1506.02438, eq. 16; Ziegler et al. 2019, arXiv:1909.08593, 2.2 (the KL of each
 * token in its reward); Yue et al. 2025, VAPO, arXiv:2504.05118 (another lambda for the critic's targets). With gamma and
 * lambda 1 and values of 0 the advantages are {@link CreditAssignment.TokenReturns}.
 *
 * @param estimator gamma and lambda of the advantages
 * @param targetLambda lambda of the returns, in [0, 1]
 * @param whitenRewards whether rewards are scaled; their mean stays
 */
public record GeneralizedAdvantageCredit(GeneralizedAdvantage estimator, double targetLambda, boolean whitenRewards)
        implements CreditAssignment {

    /** @throws IllegalArgumentException if the lambda is outside [0, 1] */
    public GeneralizedAdvantageCredit {
        if (!(targetLambda >= 0 && targetLambda <= 1)) {
            throw new IllegalArgumentException("value_lambda: " + targetLambda + ", must be in [0, 1]");
        }
    }

    /** The same lambda for advantages and returns, rewards as they are. */
    public GeneralizedAdvantageCredit(GeneralizedAdvantage estimator) {
        this(estimator, estimator.lambda(), false);
    }

    /**
     * Advantages, and returns for the critic; those of an answer without a score are not numbers.
     *
     * @throws IllegalArgumentException if the batch has no values
     */
    @Override
    public Credit assign(ScoredAnswers batch) {
        List<double[]> values = batch.values();
        if (values == null) {
            throw new IllegalArgumentException("values: none, must be a critic's, one per token");
        }
        List<double[]> rewards = rewards(batch);
        GeneralizedAdvantage targets = new GeneralizedAdvantage(estimator.gamma(), targetLambda);
        List<double[]> raw = new ArrayList<>();
        List<double[]> returns = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isScored(i)) {
                double[] own = rewards.get(raw.size());
                raw.add(estimator.of(own, values.get(i)).advantages());
                returns.add(targets.of(own, values.get(i)).returns());
            } else {
                double[] unknown = new double[batch.length(i)];
                Arrays.fill(unknown, Double.NaN);
                returns.add(unknown);
            }
        }
        List<double[]> whitened = new Whitening(true).of(raw);
        List<double[]> advantages = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < batch.size(); i++) {
            advantages.add(batch.isScored(i) ? whitened.get(next++) : new double[batch.length(i)]);
        }
        return new Credit(advantages, returns);
    }

    /** Of the answers that have a score. */
    private List<double[]> rewards(ScoredAnswers batch) {
        List<double[]> rewards = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isScored(i)) {
                rewards.add(batch.tokenRewards(i));
            }
        }
        return whitenRewards ? new Whitening(false).of(rewards) : rewards;
    }

    @Override
    public int fewestScored() {
        return 1;
    }

    @Override
    public String name() {
        return "gae";
    }
}
