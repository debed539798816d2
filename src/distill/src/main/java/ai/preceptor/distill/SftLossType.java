package ai.preceptor.distill;

/** The token loss of supervised fine-tuning, by TRL's names. */
public enum SftLossType {
    /** {@code -log p}: maximum likelihood. */
    NLL {
        @Override
        double weight(double logprob) {
            return 1;
        }
    },
    /**
     * {@code -p log p} with {@code p} a constant to the gradient: a token weighs by its probability, so that answers unlike
     * anything the student would write pull less (Wu et al. 2025, Dynamic Fine-Tuning, arXiv:2508.05629).
     */
    DFT {
        @Override
        double weight(double logprob) {
            return Math.exp(logprob);
        }
    };

    /** What the token's negative log-probability counts for, a constant to the gradient. */
    abstract double weight(double logprob);
}
