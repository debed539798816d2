package ai.preceptor.ranking.group;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.train.OrderedPair;
import java.util.List;
import java.util.Map;

/**
 * Rank responses to align with human feedback.
 *
 * <p><b>Idea.</b> Score each answer by the policy's own length-normalised log-probability and push the scores into the
 * teacher's order by a hinge; keep the policy fluent by supervised learning on the best answer. No reference model.
 *
 * <p><b>Formula.</b> With teacher's scores r, lengths n and {@code p_i = log pi(y_i|x) / n_i^lengthPenalty},
 *
 * <pre>
 *   L_rank = sum over r_i &lt; r_j of max(0, p_i - p_j)
 *   L_ft   = -log pi(y_best|x)                          (sftReduction sum; mean: divided by n_best)
 *   L      = rrhfWeight L_rank + L_ft
 * </pre>
 *
 * <p><b>Source.</b> Yuan et al. 2023, RRHF, arXiv:2304.05302: p, L_rank, L_ft and their sum;
 * the authors' code is GanjinZero/RRHF.
 *
 * <p><b>Departures.</b> {@code rrhfWeight} and the mean reduction are the authors' code's and ours; the paper has weight 1
 * and the sum, which lets L_ft outweigh L_rank by about the length of the answer. Of several best answers the first is
 * learnt. At {@code p_i = p_j} the subgradient is 0.
 *
 * <p><b>When not to use it.</b> When no answer of a group is good: L_ft imitates the best one regardless. When nothing but
 * the order should change: there is no anchor to a reference.
 *
 * @param rrhfWeight weight of the ranking term, 0 or more; the paper has 1
 * @param score how answers are scored; the paper has {@link SequenceScore#MEAN}
 * @param sftReduction how the best answer's token losses are reduced; the paper has {@link SftReduction#SUM}
 */
public record RrhfLoss(double rrhfWeight, SequenceScore score, SftReduction sftReduction) implements GroupLoss {

    /** @throws IllegalArgumentException if {@code rrhfWeight} is negative or not finite */
    public RrhfLoss {
        Range.require("rrhf_weight", rrhfWeight, "[0, inf)");
    }

    /** The paper's loss. */
    public static RrhfLoss paper() {
        return new RrhfLoss(1, SequenceScore.MEAN, SftReduction.SUM);
    }

    @Override
    public String name() {
        return "rrhf";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    /**
     * Ranking and supervised loss of the group; the rewards are the scores p.
     *
     * @param answers the answers to one prompt in any order
     */
    @Override
    public GroupLossResult evaluate(List<RankedAnswer> answers) {
        double[] rewards = answers.stream().mapToDouble(score::of).toArray();
        double[] gradient = new double[answers.size()];
        double loss = 0;
        for (OrderedPair pair : OrderedPair.of(RankedAnswer.scores(answers))) {
            double violation = rewards[pair.worse()] - rewards[pair.better()];
            if (violation > 0) {
                loss += rrhfWeight * violation;
                gradient[pair.worse()] += rrhfWeight * score.slope(answers.get(pair.worse()));
                gradient[pair.better()] -= rrhfWeight * score.slope(answers.get(pair.better()));
            }
        }
        int best = RankedAnswer.best(answers);
        RankedAnswer imitated = answers.get(best);
        double weight = sftReduction.weight(imitated.tokens());
        loss -= weight * imitated.logp();
        gradient[best] -= weight;
        return new GroupLossResult(loss, gradient, rewards, Map.of("nll_loss", imitated.nll()));
    }
}
