package ai.preceptor.ranking.pair;

import ai.preceptor.ranking.answer.SequenceScore;

/**
 * The variants of {@link CpoLoss}, by the names of TRL's {@code loss_type}; {@code d} is the difference of two rewards.
 */
public enum CpoLossType {
    /** {@code -(1 - e) log s(beta d) - e log s(-beta d)} on summed log-probabilities: CPO. */
    SIGMOID(false, CpoLossType::smoothed),
    /** {@code max(0, 1 - beta d)} on summed log-probabilities. */
    HINGE(false, (margin, with) -> MarginLoss.hinge(margin, with.beta())),
    /** {@code (d - 1/(2 beta))^2} on token means. */
    IPO(true, (margin, with) -> MarginLoss.square(margin, with.beta())),
    /** The sigmoid of {@code beta d - gamma} on token means: SimPO (Meng et al. 2024, arXiv:2405.14734, eq. 6). */
    SIMPO(true, (margin, with) -> smoothed(margin - with.simpoGamma() / with.beta(), with));

    private final boolean perToken;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Form form;

    CpoLossType(boolean perToken, Form form) {
        this.perToken = perToken;
        this.form = form;
    }

    /** What the reward of an answer is made of. */
    SequenceScore score() {
        return perToken ? SequenceScore.MEAN : SequenceScore.SUM;
    }

    MarginLoss of(double margin, CpoLoss with) {
        return form.of(margin, with);
    }

    private static MarginLoss smoothed(double margin, CpoLoss with) {
        return MarginLoss.smoothed(margin, with.beta(), 1 - with.labelSmoothing(), with.labelSmoothing());
    }

    @FunctionalInterface
    private interface Form {
        MarginLoss of(double margin, CpoLoss with);
    }
}
