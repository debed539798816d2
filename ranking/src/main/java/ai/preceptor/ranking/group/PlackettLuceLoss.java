package ai.preceptor.ranking.group;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.train.PlackettLuce;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The likelihood of a whole ranking: ListMLE, and DPO over rankings.
 *
 * <p><b>Idea.</b> Draw the answers one by one without putting back, each with probability in proportion to {@code exp s}:
 * maximise the probability that they come in the teacher's order.
 *
 * <p><b>Formula.</b> With answers from the best to the worst and scores s ({@link ListwiseScore}),
 *
 * <pre>  L = sum over k &lt; K of  log( sum over i &gt;= k of exp(s_i) ) - s_k</pre>
 *
 * <p><b>Source.</b> Xia et al. 2008, Listwise Approach to Learning to Rank, ICML (ListMLE); with DPO's reward as
 * score, Rafailov et al. 2023, arXiv:2305.18290, appendix A.3.
 *
 * <p><b>Departures.</b> Answers with equal scores of the teacher are not contrasted with each other. With two answers and the
 * implicit reward it is {@code sigmoid} DPO.
 *
 * <p><b>When not to use it.</b> When only the top matters, or the order far down is noise: every rank weighs alike.
 *
 * @param score what the answers are drawn by
 * @param beta scale of the implicit reward, above 0; not read by the mean log-probability
 */
public record PlackettLuceLoss(ListwiseScore score, double beta) implements GroupLoss {

    /** @throws IllegalArgumentException if {@code beta} is not above 0 */
    public PlackettLuceLoss {
        Range.require("beta", beta, "(0, inf)");
    }

    @Override
    public String name() {
        return "plackett_luce";
    }

    @Override
    public boolean needsReference() {
        return score == ListwiseScore.IMPLICIT_REWARD;
    }

    @Override
    public OptionalDouble klCoefficient() {
        return needsReference() ? OptionalDouble.of(beta) : OptionalDouble.empty();
    }

    /**
     * Negative log-likelihood of the group's order; the rewards are the scores s.
     *
     * @param answers the answers to one prompt in any order
     */
    @Override
    public GroupLossResult evaluate(List<RankedAnswer> answers) {
        double[] scores =
                answers.stream().mapToDouble(answer -> score.of(answer, beta)).toArray();
        PlackettLuce order = PlackettLuce.of(scores, RankedAnswer.scores(answers));
        double[] gradient = new double[scores.length];
        Arrays.setAll(gradient, i -> order.slopes()[i] * score.slope(answers.get(i), beta));
        return new GroupLossResult(order.loss(), gradient, scores, Map.of());
    }
}
