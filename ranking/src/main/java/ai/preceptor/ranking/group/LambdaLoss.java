package ai.preceptor.ranking.group;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.train.Logistic;
import ai.preceptor.train.OrderedPair;
import ai.preceptor.train.PlackettLuce;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Lambda-weighted pairs: the change of discounted gain if two answers were swapped is the weight of their pair.
 *
 * <p><b>Idea.</b> Pairs at the top of the list, and pairs whose grades differ much, matter more. Each strictly ordered
 * pair's logistic loss is weighted by the change of the discounted cumulative gain that exchanging the two would bring.
 *
 * <p><b>Formula.</b> With {@code s = beta (log pi - log pi_ref)}, {@code rank} the place (from 1) of an answer by s, and
 * grades g in [0, 1],
 *
 * <pre>
 *   L = sum over g_i &gt; g_j of  D_ij log(1 + exp(-(s_i - s_j)))
 *   D_ij = |2^g_i - 2^g_j|  |1/log(1 + rank_i) - 1/log(1 + rank_j)|
 * </pre>
 *
 * <p><b>Source.</b> Liu et al. 2024, LiPO, arXiv:2402.01878 (LiPO-lambda); Burges 2010, From RankNet to LambdaRank to
 * LambdaMART.
 *
 * <p><b>Departures.</b> Grades are the teacher's scores stretched to [0, 1] within the group, so that their scale does not
 * weigh; the paper's grades lie there already. The weights D are constants in the gradient.
 *
 * <p><b>When not to use it.</b> When scores are ranks without distance: their differences say nothing, so the weights do not.
 *
 * @param beta scale of the implicit reward, above 0
 */
public record LambdaLoss(double beta) implements GroupLoss {

    /** @throws IllegalArgumentException if {@code beta} is not above 0 */
    public LambdaLoss {
        Range.require("beta", beta, "(0, inf)");
    }

    @Override
    public String name() {
        return "lambda_rank";
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    @Override
    public OptionalDouble klCoefficient() {
        return OptionalDouble.of(beta);
    }

    /**
     * Weighted sum over the group's strictly ordered pairs; the rewards are the scores s.
     *
     * @param answers the answers to one prompt in any order
     */
    @Override
    public GroupLossResult evaluate(List<RankedAnswer> answers) {
        double[] scores =
                answers.stream().mapToDouble(answer -> beta * answer.logratio()).toArray();
        double[] discounts = discounts(scores);
        double[] gains = gains(answers);
        double[] gradient = new double[scores.length];
        double loss = 0;
        for (OrderedPair pair : OrderedPair.of(RankedAnswer.scores(answers))) {
            int i = pair.better();
            int j = pair.worse();
            double weight = Math.abs(gains[i] - gains[j]) * Math.abs(discounts[i] - discounts[j]);
            double margin = scores[i] - scores[j];
            loss -= weight * Logistic.logSigmoid(margin);
            double slope = -weight * beta * Logistic.sigmoid(-margin);
            gradient[i] += slope;
            gradient[j] -= slope;
        }
        return new GroupLossResult(loss, gradient, scores, Map.of());
    }

    /** {@code 1 / log(1 + rank)} of each answer by its score; equal scores rank in the order given. */
    private static double[] discounts(double[] scores) {
        double[] discounts = new double[scores.length];
        int[] ranked = PlackettLuce.ranking(Arrays.stream(scores).boxed().toList());
        for (int place = 0; place < ranked.length; place++) {
            discounts[ranked[place]] = 1 / Math.log(2 + place);
        }
        return discounts;
    }

    private static double[] gains(List<RankedAnswer> answers) {
        double lowest = answers.stream().mapToDouble(RankedAnswer::score).min().orElseThrow();
        double highest = answers.stream().mapToDouble(RankedAnswer::score).max().orElseThrow();
        double width = highest > lowest ? highest - lowest : 1;
        return answers.stream()
                .mapToDouble(answer -> Math.pow(2, (answer.score() - lowest) / width))
                .toArray();
    }
}
