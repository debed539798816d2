package ai.preceptor.ranking;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Preference ranking optimization.
 *
 * <p><b>Idea.</b> Contrast the best answer with all others, then the second with the rest, and so on down the ranking:
 * a chain of softmax losses that uses the whole list at once. Supervised learning on the best answer keeps the policy
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
 * <p><b>Departures.</b> Equal scores are no contrast: an answer is only contrasted with strictly worse ones, and each of
 * several equal ones takes its own turn. Without ties this is the paper's chain. The authors' code adds 1e-10 inside the
 * logarithm; this uses a log-sum-exp, which needs none. The sharpness is a constant in the gradient, as there.
 *
 * <p><b>Shapes.</b> K answers in; one number and K derivatives out, each the same for all tokens of its answer.
 *
 * <p><b>Masking.</b> Completion tokens only, each answer's end of turn among them; prompts take no part.
 *
 * <p><b>When not to use it.</b> With the reward temperature, when scores have no fixed scale: differences near 0 silence
 * the contrasts, large ones saturate them. When no answer of a group is good: the supervised term imitates the best one
 * regardless.
 *
 * @param temperature what sharpens a contrast
 * @param sftWeight weight of the supervised loss before the factor (K - 1)^2, 0 or more; the paper has 0.05
 */
public record ProLoss(ProTemperature temperature, double sftWeight) implements RankingLoss {

    private static final SequenceScore SCORE = SequenceScore.MEAN;

    /** @throws IllegalArgumentException if {@code sftWeight} is negative or not finite */
    public ProLoss {
        if (!(sftWeight >= 0) || Double.isInfinite(sftWeight)) {
            throw new IllegalArgumentException("sft_weight: " + sftWeight + ", must be finite and 0 or more");
        }
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
    public GroupLoss evaluate(List<RankedAnswer> answers) {
        double[] rewards = answers.stream().mapToDouble(SCORE::of).toArray();
        double[] slopes = new double[answers.size()];
        double loss = 0;
        for (int k = 0; k < answers.size(); k++) {
            loss += contrast(answers, rewards, k, slopes);
        }
        double[] gradient = new double[answers.size()];
        Arrays.setAll(gradient, i -> slopes[i] * SCORE.slope(answers.get(i)));
        int best = RankedAnswer.best(answers);
        double weight = sftWeight * (answers.size() - 1) * (answers.size() - 1);
        loss -= weight * answers.get(best).logp();
        gradient[best] -= weight;
        return new GroupLoss(
                loss, gradient, rewards, Map.of("nll_loss", answers.get(best).nll()));
    }

    /** One link of the chain: answer k against all that are strictly worse. Adds its derivatives by the scores. */
    private double contrast(List<RankedAnswer> answers, double[] rewards, int k, double[] slopes) {
        double[] sharpness = new double[answers.size()];
        for (int i = 0; i < sharpness.length; i++) {
            if (answers.get(i).score() < answers.get(k).score()) {
                sharpness[i] = temperature.sharpness(
                        answers.get(k).score(), answers.get(i).score());
                sharpness[k] = Math.max(sharpness[k], sharpness[i]);
            }
        }
        if (sharpness[k] == 0) {
            return 0; // nothing is worse
        }
        double[] exponents = new double[answers.size()];
        Arrays.setAll(exponents, i -> sharpness[i] > 0 ? rewards[i] * sharpness[i] : Double.NEGATIVE_INFINITY);
        double top = Arrays.stream(exponents).max().orElseThrow();
        double total = Arrays.stream(exponents).map(x -> Math.exp(x - top)).sum();
        for (int i = 0; i < exponents.length; i++) {
            double share = Math.exp(exponents[i] - top) / total;
            slopes[i] += sharpness[i] * (i == k ? share - 1 : share);
        }
        return top + Math.log(total) - exponents[k];
    }
}
