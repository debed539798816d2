package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.SequenceScore;

/** The forms of {@link CpoLoss}, by the names of TRL's {@code loss_type}; {@code d} is the difference of two rewards. */
public enum CpoLossType {
    /** {@code -(1 - e) log s(beta d) - e log s(-beta d)} on summed log-probabilities: CPO. */
    SIGMOID(false) {
        @Override
        MarginLoss of(double margin, CpoLoss with) {
            double flipped = with.labelSmoothing();
            return MarginLoss.smoothed(margin, with.beta(), 1 - flipped, flipped);
        }
    },
    /** {@code max(0, 1 - beta d)} on summed log-probabilities. */
    HINGE(false) {
        @Override
        MarginLoss of(double margin, CpoLoss with) {
            return MarginLoss.hinge(margin, with.beta());
        }
    },
    /** {@code (d - 1/(2 beta))^2} on token means. */
    IPO(true) {
        @Override
        MarginLoss of(double margin, CpoLoss with) {
            return MarginLoss.square(margin, with.beta());
        }
    },
    /** The sigmoid of {@code beta d - gamma} on token means: SimPO (Meng et al. 2024, arXiv:2405.14734, eq. 6). */
    SIMPO(true) {
        @Override
        MarginLoss of(double margin, CpoLoss with) {
            double flipped = with.labelSmoothing();
            double wanted = margin - with.simpoGamma() / with.beta();
            return MarginLoss.smoothed(wanted, with.beta(), 1 - flipped, flipped);
        }
    };

    private final boolean perToken;

    CpoLossType(boolean perToken) {
        this.perToken = perToken;
    }

    /** What the reward of an answer is made of. */
    SequenceScore score() {
        return perToken ? SequenceScore.MEAN : SequenceScore.SUM;
    }

    abstract MarginLoss of(double margin, CpoLoss with);
}
