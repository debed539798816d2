package ai.preceptor.policy.credit;

import ai.preceptor.train.sampling.Groups;
import java.util.Arrays;

/**
 * OPO: reward minus the mean reward of the prompt's answers, weighted by their lengths:
 *
 * <pre>  A_i = r_i - (sum over j of l_j r_j) / (sum over j of l_j)</pre>
 *
 * <p>It is the baseline of least variance of the policy gradient of whole answers, if the squared gradient of an answer
 * grows with its length. Source: Hao et al. 2025, On-Policy RL with Optimal Reward Baseline, arXiv:2505.23585,
 * and verl's {@code opo}; both are exactly on-policy: one pass over each batch. The answer itself is part of its baseline,
 * as there.
 */
public record OptimalBaseline() implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        double[] rewards = new double[batch.size()];
        Arrays.setAll(rewards, batch::penalized);
        Groups groups = Groups.of(rewards, batch.groups());
        double[] advantages = new double[batch.size()];
        for (int[] group : groups.members()) {
            int[] scored = Arrays.stream(group).filter(batch::isScored).toArray();
            if (scored.length < fewestScored()) {
                continue;
            }
            double sum = 0;
            double tokens = 0;
            for (int i : scored) {
                sum += batch.length(i) * rewards[i];
                tokens += batch.length(i);
            }
            for (int i : scored) {
                advantages[i] = rewards[i] - sum / tokens;
            }
        }
        return Credit.ofAnswers(advantages, batch);
    }

    @Override
    public int fewestScored() {
        return 2;
    }

    @Override
    public String name() {
        return "optimal_baseline";
    }
}
