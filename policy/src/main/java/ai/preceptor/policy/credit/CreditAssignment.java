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
     * @param batch scores, KL to the reference and groups; not to be changed
     * @return advantages of the lengths of {@link ScoredAnswers#kl}, new arrays, all finite
     */
    Credit assign(ScoredAnswers batch);

    /** By what a run's checkpoints know it, such as {@code token_returns}: going on with another one is refused. */
    String name();

    /** Scored answers that a prompt must have for any of them to teach something, 1 or more. */
    int fewestScored();

    /** Whether {@link #assign} reads {@link ScoredAnswers#baselines}, the scores of greedy answers; not by default. */
    default boolean needsGreedyAnswers() {
        return false;
    }

    /**
     * Whether {@link #assign} reads {@link ScoredAnswers#tokenScores}, where the scorer gives any; not by default, and then
     * there are none.
     */
    default boolean readsTokenScores() {
        return false;
    }

    /**
     * The answer as one action: its reward is the score minus {@code beta} times its summed KL, and all of its tokens have
     * its advantage over the other answers to the prompt. RLOO and GRPO.
     *
     * @param advantages how rewards become advantages
     */
    record WholeAnswer(Advantages advantages) implements CreditAssignment {
        @Override
        public Credit assign(ScoredAnswers batch) {
            double[] rewards = new double[batch.size()];
            Arrays.setAll(rewards, batch::penalized);
            double[] estimated = advantages.of(rewards, batch.groups());
            if (estimated.length != batch.size()) {
                throw new IllegalArgumentException("advantages: " + advantages.name() + " gave " + estimated.length
                        + ", must be one per answer: " + batch.size());
            }
            return Credit.ofAnswers(estimated, batch);
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
     * Every token as an action: its reward is minus {@code beta} times its KL, and at the last token also the score; its
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
        public Credit assign(ScoredAnswers batch) {
            List<double[]> returns = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.isScored(i)) {
                    double[] rewards = batch.tokenRewards(i);
                    returns.add(TO_GO.of(rewards, new double[rewards.length]).advantages());
                }
            }
            List<double[]> whitened = new Whitening(true).of(returns);
            List<double[]> all = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < batch.size(); i++) {
                all.add(batch.isScored(i) ? whitened.get(next++) : new double[batch.length(i)]);
            }
            return new Credit(all);
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
