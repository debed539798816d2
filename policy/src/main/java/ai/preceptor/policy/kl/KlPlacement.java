package ai.preceptor.policy.kl;

/** Where the KL penalty against the reference is applied. */
public enum KlPlacement {
    /** k1 is subtracted from the reward, as in RLOO and PPO: it moves the policy only by way of the advantages. */
    REWARD {
        @Override
        public double rewardBeta(double beta) {
            return beta;
        }

        @Override
        public double lossBeta(double beta) {
            return 0;
        }

        @Override
        public KlPenalty penalty(double beta) {
            return KlPenalty.none();
        }
    },
    /** k3 is added to the loss, as in GRPO: it has a gradient of its own and the reward stays the score. */
    LOSS {
        @Override
        public double rewardBeta(double beta) {
            return 0;
        }

        @Override
        public double lossBeta(double beta) {
            return beta;
        }

        @Override
        public KlPenalty penalty(double beta) {
            return KlPenalty.k3(beta);
        }
    };

    /** The coefficient in the reward. */
    public abstract double rewardBeta(double beta);

    /** The coefficient in the loss. */
    public abstract double lossBeta(double beta);

    /** The loss's term. */
    public abstract KlPenalty penalty(double beta);
}
