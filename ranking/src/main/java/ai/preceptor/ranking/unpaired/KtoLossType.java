package ai.preceptor.ranking.unpaired;

/**
 * The forms of {@link KtoLoss}; {@code h} is an answer's log-ratio, {@code s} the logistic function, and the baseline is
 * {@code z}, in nats for {@link #KTO} and in rewards for {@link #BCO}.
 */
public enum KtoLossType {
    /** {@code 1 - s(beta (h - z))} if desirable, {@code 1 - s(beta (z - h))} if not; z estimates KL(pi || pi_ref). */
    KTO(UnpairedLoss.Baseline.MISMATCHED_KL),
    /** {@code 1 - s(beta h)} if desirable, {@code s(beta h)} if not: APO-zero (arXiv:2408.06266, eq. 7) without pairs. */
    APO_ZERO_UNPAIRED(UnpairedLoss.Baseline.NONE),
    /** {@code -log s(beta h - z)} if desirable, {@code -log s(z - beta h)} if not; z is the mean reward seen so far. */
    BCO(UnpairedLoss.Baseline.RUNNING_REWARD);

    private final UnpairedLoss.Baseline baseline;

    KtoLossType(UnpairedLoss.Baseline baseline) {
        this.baseline = baseline;
    }

    /** What the form is given as z. */
    public UnpairedLoss.Baseline baseline() {
        return baseline;
    }
}
