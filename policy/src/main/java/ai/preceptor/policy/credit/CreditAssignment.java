package ai.preceptor.policy.credit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns the scores of a batch of answers into an advantage for every token. For rewards of whole answers implement
 * {@link Advantages} and wrap it in a {@link WholeAnswer}.
 */
public interface CreditAssignment {

    /**
     * The advantages. An answer without a score gets 0 and takes no part in anybody's baseline.
     *
     * @param scores {@code [answers]}, not a number where unscored
     * @param divergences {@code [answers][tokens]}: k1 of each sampled token in nats
     * @param groups {@code [answers]}: equal numbers for answers to the same prompt
     * @param beta coefficient of the KL penalty in the reward, 0 or more
     * @return {@code [answers][tokens]}, new arrays of the lengths of {@code divergences}, all finite
     */
    List<double[]> advantages(double[] scores, List<double[]> divergences, int[] groups, double beta);

    /** By what a run's checkpoints know it, such as {@code token_returns}: going on with another one is refused. */
    String name();

    /** Scored answers that a prompt must have for any of them to teach something, 1 or more. */
    int fewestScored();

    /**
     * The answer as one action: its reward is the score minus {@code beta} times its summed k1, and all of its tokens have
     * its advantage over the other answers to the prompt. RLOO and GRPO.
     *
     * @param advantages how rewards become advantages
     */
    record WholeAnswer(Advantages advantages) implements CreditAssignment {
        @Override
        public List<double[]> advantages(double[] scores, List<double[]> divergences, int[] groups, double beta) {
            double[] rewards = new double[scores.length];
            Arrays.setAll(
                    rewards,
                    i -> scores[i] - beta * Arrays.stream(divergences.get(i)).sum());
            double[] estimated = advantages.of(rewards, groups);
            if (estimated.length != scores.length) {
                throw new IllegalArgumentException("advantages: " + advantages.name() + " gave " + estimated.length
                        + ", must be one per answer: " + scores.length);
            }
            List<double[]> spread = new ArrayList<>();
            for (int i = 0; i < scores.length; i++) {
                double[] tokens = new double[divergences.get(i).length];
                Arrays.fill(tokens, estimated[i]);
                spread.add(tokens);
            }
            return spread;
        }

        @Override
        public int fewestScored() {
            return advantages.fewestScored();
        }

        @Override
        public String name() {
            return advantages.name();
        }
    }

    /**
     * Every token as an action: its reward is minus {@code beta} times its k1, and at the last token also the score; its
     * advantage is the sum of the rewards from it on, shifted and scaled to mean 0 and deviation 1 over all tokens of the
     * batch. This is PPO's step without a value model: the baseline is the batch's mean return, the same for every prompt,
     * so several answers to a prompt are not needed, and prompts of different difficulty add noise.
     *
     * <p>Source: Hu 2025, REINFORCE++, arXiv:2501.03262; it is {@link GeneralizedAdvantage} with gamma and lambda 1 and
     * values of 0.
     */
    record TokenReturns() implements CreditAssignment {
        private static final GeneralizedAdvantage TO_GO = new GeneralizedAdvantage(1, 1);

        @Override
        public List<double[]> advantages(double[] scores, List<double[]> divergences, int[] groups, double beta) {
            List<double[]> returns = new ArrayList<>();
            for (int i = 0; i < scores.length; i++) {
                if (!Double.isNaN(scores[i])) {
                    returns.add(toGo(scores[i], divergences.get(i), beta));
                }
            }
            List<double[]> whitened = new Whitening(true).of(returns);
            List<double[]> all = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < scores.length; i++) {
                all.add(Double.isNaN(scores[i]) ? new double[divergences.get(i).length] : whitened.get(next++));
            }
            return all;
        }

        private static double[] toGo(double score, double[] divergences, double beta) {
            double[] rewards = Arrays.stream(divergences).map(k1 -> -beta * k1).toArray();
            rewards[rewards.length - 1] += score;
            return TO_GO.of(rewards, new double[rewards.length]).advantages();
        }

        @Override
        public int fewestScored() {
            return 1;
        }

        @Override
        public String name() {
            return "token_returns";
        }
    }
}
