package ai.preceptor.policy.kl;

/** Where the KL penalty against the reference is applied. */
public enum KlPlacement {
    /** Subtracted from the reward, as in RLOO and PPO: it moves the policy only by way of the advantages. */
    REWARD(true, false),
    /** Added to the loss, as in GRPO: it has a gradient of its own and the reward stays the score. */
    LOSS(false, true),
    /** Both, each with the whole coefficient. */
    BOTH(true, true);

    private final boolean inReward;
    private final boolean inLoss;

    KlPlacement(boolean inReward, boolean inLoss) {
        this.inReward = inReward;
        this.inLoss = inLoss;
    }

    /** The coefficient in the reward. */
    public double rewardBeta(double beta) {
        return inReward ? beta : 0;
    }

    /** The coefficient in the loss. */
    public double lossBeta(double beta) {
        return inLoss ? beta : 0;
    }

    /** Whether the loss has a term of it. */
    public boolean isInLoss() {
        return inLoss;
    }
}
