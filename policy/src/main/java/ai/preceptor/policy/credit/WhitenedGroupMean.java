package ai.preceptor.policy.credit;

import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * REINFORCE++-baseline: reward minus the mean reward of the prompt's answers, then shifted and scaled to mean 0 and
 * deviation 1 over all tokens of the batch. Unlike GRPO's division by each group's deviation, that of the batch does not
 * depend on how much the answers to one prompt differ. Source: Hu 2025, REINFORCE++, arXiv:2501.03262, and verl's {@code
 * reinforce_plus_plus_baseline}, which keeps a lone answer's reward as it is; here it gets 0.
 */
public record WhitenedGroupMean() implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        double[] rewards = new double[batch.size()];
        Arrays.setAll(rewards, batch::penalized);
        Groups groups = Groups.of(rewards, batch.groups());
        double[][] all = new double[batch.size()][];
        Arrays.setAll(all, i -> new double[batch.length(i)]);
        List<double[]> compared = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int[] group : groups.members()) {
            Moments moments = groups.moments(group);
            for (int i : group) {
                if (batch.isScored(i) && moments.count() >= fewestScored()) {
                    Arrays.fill(all[i], rewards[i] - moments.mean());
                    compared.add(all[i]);
                    places.add(i);
                }
            }
        }
        List<double[]> whitened = new Whitening(true).of(compared);
        for (int k = 0; k < places.size(); k++) {
            all[places.get(k)] = whitened.get(k);
        }
        return new Credit(List.of(all));
    }

    @Override
    public int fewestScored() {
        return 2;
    }

    @Override
    public String name() {
        return "whitened_group_mean";
    }
}
