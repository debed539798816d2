package ai.preceptor.ranking.unpaired;

import ai.preceptor.train.Logistic;

/**
 * The forms of {@link KtoLoss}; {@code h} is an answer's log-ratio, {@code s} the logistic function, and the baseline is
 * {@code z}, in nats for {@link #KTO} and in rewards for {@link #BCO}.
 */
public enum KtoLossType {
    /** {@code 1 - s(beta (h - z))} if desirable, {@code 1 - s(beta (z - h))} if not; z estimates KL(pi || pi_ref). */
    KTO(Baseline.MISMATCHED_KL) {
        @Override
        KtoLoss.Term of(double logratio, boolean desirable, double beta, double baseline) {
            double sign = desirable ? 1 : -1;
            double value = Logistic.sigmoid(sign * beta * (logratio - baseline));
            return new KtoLoss.Term(1 - value, -sign * beta * value * (1 - value), beta * logratio);
        }
    },
    /** {@code 1 - s(beta h)} if desirable, {@code s(beta h)} if not: APO-zero (arXiv:2408.06266, eq. 7) without pairs. */
    APO_ZERO_UNPAIRED(Baseline.NONE) {
        @Override
        KtoLoss.Term of(double logratio, boolean desirable, double beta, double baseline) {
            return KTO.of(logratio, desirable, beta, 0);
        }
    },
    /** {@code -log s(beta h - z)} if desirable, {@code -log s(z - beta h)} if not; z is the mean reward seen so far. */
    BCO(Baseline.RUNNING_REWARD) {
        @Override
        KtoLoss.Term of(double logratio, boolean desirable, double beta, double baseline) {
            double sign = desirable ? 1 : -1;
            double z = sign * (beta * logratio - baseline);
            return new KtoLoss.Term(-Logistic.logSigmoid(z), -sign * beta * Logistic.sigmoid(-z), beta * logratio);
        }
    };

    /** What an answer's reward is held against. */
    public enum Baseline {
        /** Nothing. */
        NONE,
        /** The mean log-ratio of answers to other prompts, not below 0. */
        MISMATCHED_KL,
        /** The mean reward of all answers trained on so far, those in hand included. */
        RUNNING_REWARD
    }

    private final Baseline baseline;

    KtoLossType(Baseline baseline) {
        this.baseline = baseline;
    }

    /** What {@link #of} is given as its baseline. */
    public Baseline baseline() {
        return baseline;
    }

    /** Unweighted term of one answer; the baseline is a constant. */
    abstract KtoLoss.Term of(double logratio, boolean desirable, double beta, double baseline);
}
