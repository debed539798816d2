package ai.preceptor.policy.credit;

import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import java.util.Arrays;

/**
 * GDPO: the scores of each of several scorers are compared with those of the other answers to the prompt by themselves, so
 * that no scorer's spread hides another's; their weighted sum is then shifted and scaled over the batch:
 *
 * <pre>
 *   n_k,i = (s_k,i - mean of the group) / (deviation of the group + 1e-4)
 *   R_i   = sum over k of w_k n_k,i - beta KL_i,       A_i = (R_i - mean of the batch) / (deviation of the batch + 1e-4)</pre>
 *
 * <p>Source: GDPO 2026, arXiv:2601.05242, and TRL's {@code multi_objective_aggregation: normalize_then_sum}.
 * Where one scorer gave the score, that is the only part. An unscored answer, and one without a scored sibling, gets 0 and
 * takes no part.
 */
public record NormalizedParts() implements CreditAssignment {
    @Override
    public Credit assign(ScoredAnswers batch) {
        double[] sums = new double[batch.size()];
        if (batch.parts().isEmpty()) {
            addNormalized(batch.scores(), 1, batch, sums);
        } else {
            batch.parts().values().forEach(part -> addNormalized(part.scores(), part.weight(), batch, sums));
        }
        for (int i = 0; i < sums.length; i++) {
            double penalty = batch.isScored(i) ? batch.penalized(i) - batch.scores()[i] : 0;
            sums[i] = isCompared(batch, i) ? sums[i] + penalty : Double.NaN;
        }
        Moments whole = Moments.of(sums);
        double[] advantages = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            double own = (sums[i] - whole.mean()) / (whole.deviation() + Advantages.EPSILON);
            advantages[i] = Double.isNaN(own) ? 0 : own;
        }
        return Credit.ofAnswers(advantages, batch);
    }

    /** A part that did not score an answer adds nothing to it. */
    private static void addNormalized(double[] scores, double weight, ScoredAnswers batch, double[] sums) {
        double[] known = new double[scores.length];
        Arrays.setAll(known, i -> batch.isScored(i) ? scores[i] : Double.NaN);
        Groups groups = Groups.of(known, batch.groups());
        for (int[] group : groups.members()) {
            Moments moments = groups.moments(group);
            for (int i : group) {
                double normalized = (known[i] - moments.mean()) / (moments.deviation() + Advantages.EPSILON);
                sums[i] += Double.isNaN(normalized) ? 0 : weight * normalized;
            }
        }
    }

    /** Whether the answer and a sibling are scored. */
    private static boolean isCompared(ScoredAnswers batch, int answer) {
        boolean sibling = false;
        for (int i = 0; i < batch.size(); i++) {
            sibling |= i != answer && batch.groups()[i] == batch.groups()[answer] && batch.isScored(i);
        }
        return sibling && batch.isScored(answer);
    }

    @Override
    public int fewestScored() {
        return 2;
    }

    @Override
    public String name() {
        return "normalized_parts";
    }
}
