package ai.preceptor.policy.credit;

import java.util.ArrayList;
import java.util.List;

/**
 * ReMax: what an answer earned beyond the policy's most likely answer to the same prompt. The advantage of a token is the
 * sum of the rewards from it on, the KL penalty of each token among them, minus the score of the greedy answer:
 *
 * <pre>  A_t = sum over s &gt;= t of r_s - score(greedy)</pre>
 *
 * <p>The baseline does not depend on the sampled answer, so one answer to a prompt is enough. Source: Li et al. 2023, ReMax,
 * arXiv:2310.10505, and verl's {@code remax}. An answer to a prompt whose greedy answer has no score
 * gets 0.
 */
public record GreedyBaseline() implements CreditAssignment {
    private static final GeneralizedAdvantage TO_GO = new GeneralizedAdvantage(1, 1);

    /** @throws IllegalArgumentException if no greedy answers were scored */
    @Override
    public Credit assign(ScoredAnswers batch) {
        double[] baselines = batch.baselines();
        if (baselines == null) {
            throw new IllegalArgumentException("baselines: none, but remax compares with the scores of greedy answers");
        }
        List<double[]> all = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (batch.isScored(i) && !Double.isNaN(baselines[i])) {
                double[] rewards = batch.tokenRewards(i);
                double[] toGo = TO_GO.of(rewards, new double[rewards.length]).advantages();
                for (int t = 0; t < toGo.length; t++) {
                    toGo[t] -= baselines[i];
                }
                all.add(toGo);
            } else {
                all.add(new double[batch.length(i)]);
            }
        }
        return new Credit(all);
    }

    @Override
    public int fewestScored() {
        return 1;
    }

    @Override
    public boolean needsGreedyAnswers() {
        return true;
    }

    @Override
    public String name() {
        return "greedy_baseline";
    }
}
