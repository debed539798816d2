package ai.preceptor.reward;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
        if (!(centerRewardsCoefficient >= 0) || Double.isInfinite(centerRewardsCoefficient)) {
            throw new IllegalArgumentException(
                    "center_rewards_coefficient: " + centerRewardsCoefficient + ", must be finite and 0 or more");
        }
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
        double loss = centerRewardsCoefficient * level * level;
        double[] slopes = new double[count];
        Arrays.fill(slopes, centerRewardsCoefficient * 2 * level * 2 / count);
        int[] ranking = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores.get(i)))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int k = 0; k < count - 1; k++) {
            int first = ranking[k];
            int[] drawn = IntStream.concat(
                            IntStream.of(first),
                            Arrays.stream(ranking, k + 1, count).filter(i -> scores.get(i) < scores.get(first)))
                    .toArray();
            double top = Arrays.stream(drawn).mapToDouble(i -> rewards[i]).max().orElseThrow();
            double total = Arrays.stream(drawn)
                    .mapToDouble(i -> Math.exp(rewards[i] - top))
                    .sum();
            loss += top + Math.log(total) - rewards[first];
            for (int i : drawn) {
                slopes[i] += Math.exp(rewards[i] - top) / total;
            }
            slopes[first] -= 1;
        }
        return new Term(loss, slopes);
    }
}
