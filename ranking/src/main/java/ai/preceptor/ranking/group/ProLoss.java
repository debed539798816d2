package ai.preceptor.ranking.group;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.train.PlackettLuce;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Preference ranking optimization.
 *
 * <p><b>Idea.</b> Contrast the best answer with all others, then the second with the rest, and so on down the ranking:
 * a chain of softmax losses over the whole list. Supervised learning on the best answer keeps the policy
 * fluent. No reference model.
 *
 * <p><b>Formula.</b> With answers sorted so that {@code r_1 > ... > r_K}, mean token log-probabilities s and sharpness
 * {@code d_ki} (1, or {@code r_k - r_i} with {@link ProTemperature#REWARD}; {@code d_kk} is the largest of the k-th row),
 *
 * <pre>
 *   L_PRO = sum over k &lt; K of  log( exp(s_k d_kk) + sum over i &gt; k of exp(s_i d_ki) ) - s_k d_kk
 *   L     = L_PRO + sftWeight (K - 1)^2 (-log pi(y_1|x))
 * </pre>
 *
 * <p><b>Source.</b> Song et al. 2023 (AAAI 2024), Preference Ranking Optimization for Human Alignment, arXiv:2306.17492:
 * the chain is the paper's L_PRO, the sharpness its temperature {@code T = 1 / (r_k - r_i)}; the weight {@code 0.05
 * (K - 1)^2} of the summed supervised loss is its setting and the authors' code's (DAMO-ConvAI/PRO).
 *
 * <p><b>Departures.</b> {@link ProTies#SKIP} is ours: the paper has no ties, and the authors' code ranks equal scores in the
 * order given, where the reward temperature makes their contrast a constant. The authors' code adds 1e-10 inside the
 * logarithm; this uses a log-sum-exp, which needs none. The sharpness is a constant in the gradient, as there.
 *
 * <p><b>When not to use it.</b> With the reward temperature, when scores have no fixed scale: differences near 0 silence
 * the contrasts, large ones saturate them. When no answer of a group is good: the supervised term imitates the best one
 * regardless.
 *
 * @param temperature what sharpens a contrast
 * @param sftWeight weight of the supervised loss before the factor (K - 1)^2, 0 or more; the paper has 0.05
 * @param ties what becomes of equal scores
 */
public record ProLoss(ProTemperature temperature, double sftWeight, ProTies ties) implements GroupLoss {

    private static final SequenceScore SCORE = SequenceScore.MEAN;

    /** @throws IllegalArgumentException if {@code sftWeight} is negative or not finite */
    public ProLoss {
        Range.require("sft_weight", sftWeight, "[0, inf)");
    }

    /** A loss that ranks equal scores in the order given, as the authors' code does. */
    public ProLoss(ProTemperature temperature, double sftWeight) {
        this(temperature, sftWeight, ProTies.ORDER);
    }

    /** The paper's loss. */
    public static ProLoss paper() {
        return new ProLoss(ProTemperature.REWARD, 0.05);
    }

    @Override
    public String name() {
        return "pro";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    /**
     * Ranking and supervised loss of the group; the rewards are the scores s.
     *
     * @param answers the answers to one prompt in any order
     */
    @Override
    public GroupLossResult evaluate(List<RankedAnswer> answers) {
        double[] rewards = answers.stream().mapToDouble(SCORE::of).toArray();
        double[] slopes = new double[answers.size()];
        int[] ranking = PlackettLuce.ranking(RankedAnswer.scores(answers));
        double loss = 0;
        for (int rank = 0; rank < ranking.length - 1; rank++) {
            loss += contrast(answers, rewards, contrasted(answers, ranking, rank), slopes);
        }
        double[] gradient = new double[answers.size()];
        Arrays.setAll(gradient, i -> slopes[i] * SCORE.slope(answers.get(i)));
        int best = ranking[0];
        double weight = sftWeight * (answers.size() - 1) * (answers.size() - 1);
        loss -= weight * answers.get(best).logp();
        gradient[best] -= weight;
        return new GroupLossResult(
                loss, gradient, rewards, Map.of("nll_loss", answers.get(best).nll()));
    }

    /** The answer at a rank, and those after it that it is contrasted with. */
    private int[] contrasted(List<RankedAnswer> answers, int[] ranking, int rank) {
        double best = answers.get(ranking[rank]).score();
        return IntStream.range(rank, ranking.length)
                .filter(r -> r == rank
                        || ties.contrasts(best, answers.get(ranking[r]).score()))
                .map(r -> ranking[r])
                .toArray();
    }

    /** One link of the chain: the first of these answers against the others. Adds its derivatives by the scores. */
    private double contrast(List<RankedAnswer> answers, double[] rewards, int[] contrasted, double[] slopes) {
        double best = answers.get(contrasted[0]).score();
        double[] sharpness = new double[contrasted.length];
        for (int i = 1; i < contrasted.length; i++) {
            sharpness[i] =
                    temperature.sharpness(best, answers.get(contrasted[i]).score());
            sharpness[0] = Math.max(sharpness[0], sharpness[i]);
        }
        double[] exponents = new double[contrasted.length];
        Arrays.setAll(exponents, i -> rewards[contrasted[i]] * sharpness[i]);
        double top = Arrays.stream(exponents).max().orElseThrow();
        double total = Arrays.stream(exponents).map(x -> Math.exp(x - top)).sum();
        for (int i = 0; i < exponents.length; i++) {
            double share = Math.exp(exponents[i] - top) / total;
            slopes[contrasted[i]] += sharpness[i] * (i == 0 ? share - 1 : share);
        }
        return top + Math.log(total) - exponents[0];
    }
}
