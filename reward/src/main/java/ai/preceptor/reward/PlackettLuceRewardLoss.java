package ai.preceptor.reward;

import ai.preceptor.data.setting.Range;
import ai.preceptor.train.PlackettLuce;
import java.util.Arrays;
import java.util.List;

/**
 * The Plackett-Luce loss of a reward model: the likelihood of a whole ranking.
 *
 * <p><b>Idea.</b> Draw the answers one by one without putting back, each with probability in proportion to the exponential
 * of its reward; fit the rewards so that the teacher's order is the likeliest.
 *
 * <p><b>Formula.</b> With answers from the best to the worst, their K rewards r, and a coefficient c,
 *
 * <pre>  L = sum over k &lt; K of  log( sum over i &gt;= k of exp(r_i) ) - r_k   +   c (2 mean(r))^2</pre>
 *
 * <p><b>Source.</b> Plackett 1975, The Analysis of Permutations; Luce 1959; for reward models Zhu et al. 2023, Principled
 * Reinforcement Learning with Human Feedback from Pairwise or K-wise Comparisons, arXiv:2301.11270. The centring
 * term is that of {@link BradleyTerryLoss}.
 *
 * <p><b>Departures.</b> Answers with equal scores are not contrasted with each other: an answer is drawn against those
 * with lower scores alone. Centring takes the mean of the group, so that two answers cost what they cost Bradley-Terry.
 *
 * <p><b>Shapes.</b> K rewards and K scores in; one number and K derivatives out. The loss grows with K, as a sum of K - 1
 * log-probabilities.
 *
 * <p><b>Masking.</b> The rewards are read at the last token of each answer; no other position takes part.
 *
 * <p><b>When not to use it.</b> When the order far down is noise: every rank weighs alike. When the scores' distances
 * matter: only their order counts; pairs with margins keep them.
 *
 * @param centerRewardsCoefficient the coefficient c, 0 or more; 0, the default, leaves the rewards' level free
 */
public record PlackettLuceRewardLoss(double centerRewardsCoefficient) implements RankedRewardLoss {

    /** @throws IllegalArgumentException if the coefficient is negative or not finite */
    public PlackettLuceRewardLoss {
        Range.require("center_rewards_coefficient", centerRewardsCoefficient, "[0, inf)");
    }

    /** The plain loss, without centring. */
    public PlackettLuceRewardLoss() {
        this(0);
    }

    @Override
    public String name() {
        return "plackett_luce";
    }

    @Override
    public Term evaluate(double[] rewards, List<Double> scores) {
        RankedRewardLoss.requireScores(rewards, scores);
        int count = rewards.length;
        double level = 2 * Arrays.stream(rewards).sum() / count;
        PlackettLuce order = PlackettLuce.of(rewards, scores);
        double[] slopes = order.slopes();
        for (int i = 0; i < count; i++) {
            slopes[i] += centerRewardsCoefficient * 2 * level * 2 / count;
        }
        return new Term(order.loss() + centerRewardsCoefficient * level * level, slopes);
    }
}
