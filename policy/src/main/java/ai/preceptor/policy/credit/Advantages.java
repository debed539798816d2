package ai.preceptor.policy.credit;

import ai.preceptor.train.sampling.Groups;
import ai.preceptor.train.sampling.Moments;
import java.util.Arrays;

/**
 * How much better an answer was than expected, from the rewards of several answers to the same prompt; no value model.
 *
 * <p>An answer that could not be scored (a reward that is not a number) takes no part in any baseline and gets advantage
 * 0, and so does an answer without a scored sibling: neither moves the policy.
 */
public interface Advantages {

    /**
     * The advantage of each answer.
     *
     * @param rewards {@code [answers]} in the scorer's unit, minus the KL penalty where that is in the reward; not a number
     *     where unscored; not to be changed
     * @param groups {@code [answers]}: equal numbers for answers to the same prompt, in any order
     * @return {@code [answers]}, a new array, all finite; 0 where a reward is not a number
     * @throws IllegalArgumentException if the arrays differ in length
     */
    double[] of(double[] rewards, int[] groups);

    /**
     * By what a run's checkpoints know it, such as {@code leave_one_out}: going on with another one is refused. Name the
     * settings too that change what comes out.
     */
    String name();

    /** Scored answers that a prompt must have for any of them to teach something, 1 or more; 2 by default. */
    default int fewestScored() {
        return 2;
    }

    /**
     * Reward minus the mean reward of the siblings: an unbiased baseline that does not contain the answer itself. Source:
     * Kool et al. 2019; Ahmadian et al. 2024, Back to Basics, arXiv:2402.14740, section 3.3 (RLOO).
     *
     * @param normalize whether to shift and scale the advantages of the batch to mean 0 and deviation 1 (TRL's {@code
     *     normalize_advantages}; off there and in the paper)
     */
    record LeaveOneOut(boolean normalize) implements Advantages {
        @Override
        public String name() {
            return "leave_one_out";
        }

        @Override
        public double[] of(double[] rewards, int[] groups) {
            Groups batch = Groups.of(rewards, groups);
            double[] advantages = new double[rewards.length];
            for (int[] group : batch.members()) {
                Moments moments = batch.moments(group);
                int siblings = moments.count() - 1;
                for (int i : group) {
                    // r - (n mean - r) / (n - 1) = (r - mean) n / (n - 1); 0 / 0 without a sibling
                    advantages[i] = (rewards[i] - moments.mean()) * moments.count() / siblings;
                }
            }
            if (normalize) {
                Moments moments = Moments.of(advantages);
                Arrays.setAll(advantages, i -> (advantages[i] - moments.mean()) / (moments.deviation() + EPSILON));
            }
            return zeroed(advantages);
        }
    }

    /**
     * Reward minus the mean of the group, scaled. Source: Shao et al. 2024, DeepSeekMath, arXiv:2402.03300, section 4.1.2
     * (GRPO); without scaling, Liu et al. 2025, Dr. GRPO, arXiv:2503.20783.
     *
     * @param scale by what deviation to divide
     */
    record GroupRelative(ScaleRewards scale) implements Advantages {
        @Override
        public String name() {
            return "group_relative";
        }

        @Override
        public double[] of(double[] rewards, int[] groups) {
            Groups batch = Groups.of(rewards, groups);
            Moments whole = Moments.of(rewards);
            double[] advantages = new double[rewards.length];
            for (int[] group : batch.members()) {
                Moments moments = batch.moments(group);
                double divisor = scale.divisor(moments, whole, EPSILON);
                for (int i : group) {
                    advantages[i] = (rewards[i] - moments.mean()) / divisor;
                }
            }
            return zeroed(advantages);
        }
    }

    /** Keeps a deviation of 0 from dividing; TRL's value. */
    double EPSILON = 1e-4;

    private static double[] zeroed(double[] advantages) {
        return Arrays.stream(advantages).map(a -> Double.isNaN(a) ? 0 : a).toArray();
    }
}
