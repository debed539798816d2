package ai.preceptor.reward;

import java.util.Arrays;

/**
 * The rewards that an ensemble's members give one answer.
 *
 * <p><b>Idea.</b> Members that start apart agree where the data taught them and disagree where it did not. Their
 * disagreement is a measure of what is not known, and a policy that is paid less for it has less to gain from errors.
 *
 * <p><b>Formula.</b> With the members' rewards r_1 to r_N, their mean m and sample standard deviation s, the lower
 * confidence bound is
 *
 * <pre>  m - k s</pre>
 *
 * <p><b>Source.</b> Coste et al. 2023, Reward Model Ensembles Help Mitigate Overoptimization, arXiv:2310.02743 (there
 * m - k s^2); Eisenstein et al. 2023, arXiv:2312.09244.
 *
 * <p><b>Departures.</b> The standard deviation, in the units of the reward, instead of the variance.
 *
 * <p><b>Shapes.</b> N rewards in; two numbers out.
 *
 * <p><b>Masking.</b> None.
 *
 * <p><b>When not to use it.</b> When members were trained apart without centring: their levels differ, and so s is large
 * for every answer; read them normalized then.
 *
 * @param mean of the members
 * @param std sample standard deviation of the members, 0 for one
 */
public record EnsembleReward(double mean, double std) {

    /**
     * Of the members' rewards.
     *
     * @param rewards {@code [members]}
     * @throws IllegalArgumentException if there is none
     */
    public static EnsembleReward of(double[] rewards) {
        if (rewards.length == 0) {
            throw new IllegalArgumentException("rewards: 0, must be at least 1");
        }
        double mean = Arrays.stream(rewards).average().orElseThrow();
        double squares = Arrays.stream(rewards)
                .map(reward -> (reward - mean) * (reward - mean))
                .sum();
        return new EnsembleReward(mean, rewards.length == 1 ? 0 : Math.sqrt(squares / (rewards.length - 1)));
    }

    /**
     * The lower confidence bound.
     *
     * @param coefficient k, 0 for the mean
     */
    public double lowerBound(double coefficient) {
        return mean - coefficient * std;
    }
}
