package ai.preceptor.ranking.pair;

import ai.preceptor.train.Logistic;

/**
 * The forms of the direct preference loss, by TRL's {@code loss_type} names in lower case where TRL has the form. Below,
 * {@code c} and {@code r} are the scores of the better and the worse answer, which are their log-ratios unless a
 * divergence changes them; {@code z = beta (c - r)}; {@code e} is the label smoothing; {@code s} the logistic function.
 */
public enum DpoLossType {
    /** {@code -log s(z)} (Rafailov et al. 2023, eq. 7). Ignores the smoothing, as TRL does; {@link #CDPO} heeds it. */
    SIGMOID(
            true,
            (pair, with) ->
                    MarginLoss.smoothed(pair.margin(), with.beta(), 1, 0).together()),
    /** {@code -(1 - e) log s(z) - e log s(-z)}: conservative DPO (Mitchell 2023). Not in TRL 1.16. */
    CDPO(
            true,
            (pair, with) -> MarginLoss.smoothed(
                            pair.margin(), with.beta(), 1 - with.labelSmoothing(), with.labelSmoothing())
                    .together()),
    /** The unbiased loss under labels flipped with probability e (Chowdhury et al. 2024, arXiv:2403.00409). */
    ROBUST(true, (pair, with) -> {
        double flipped = with.labelSmoothing();
        double scale = 1 / (1 - 2 * flipped);
        return MarginLoss.smoothed(pair.margin(), with.beta(), (1 - flipped) * scale, -flipped * scale)
                .together();
    }),
    /** {@code max(0, 1 - z)}: the hinge of SLiC (Zhao et al. 2023, arXiv:2305.10425) on DPO's margin. */
    HINGE(true, (pair, with) -> MarginLoss.hinge(pair.margin(), with.beta()).together()),
    /** {@code (c/n_c - r/n_r - 1/(2 beta))^2}: IPO (Azar et al. 2023, arXiv:2310.12036, eq. 17) on token means, as TRL. */
    IPO(true, (pair, with) -> MarginLoss.square(pair.meanMargin(), with.beta()).perToken(pair)),
    /** {@code -log s(beta (c/n_c - r/n_r))}: DPO on token means (as in Tulu 3, arXiv:2411.15124). */
    SIGMOID_NORM(
            true,
            (pair, with) ->
                    MarginLoss.smoothed(pair.meanMargin(), with.beta(), 1, 0).perToken(pair)),
    /** {@code KL((s(z), s(-z)) || (1 - e, e))}: EXO (Ji et al. 2024, arXiv:2402.00856, eq. 16); needs e above 0. */
    EXO_PAIR(
            true,
            (pair, with) -> MarginLoss.exo(pair.margin(), with.beta(), with.labelSmoothing())
                    .together()),
    /** DiscoPOP's discovered mixture (Lu et al. 2024, arXiv:2406.08414, eq. 5) of logistic and exponential loss. */
    DISCOPOP(
            true,
            (pair, with) -> MarginLoss.discopop(pair.margin(), with.beta(), with.discopopTau())
                    .together()),
    /** {@code -log s(beta c) - log s(-beta c)/2 - log s(-beta r)/2}: NCA (Chen et al. 2024, arXiv:2402.05369). */
    NCA_PAIR(false, (pair, with) -> {
        double beta = with.beta();
        double c = beta * pair.chosen();
        double r = beta * pair.rejected();
        double loss = -Logistic.logSigmoid(c) - (Logistic.logSigmoid(-c) + Logistic.logSigmoid(-r)) / 2;
        double slope = Logistic.sigmoid(c) / 2 - Logistic.sigmoid(-c);
        return new PairGradient(loss, beta * slope, beta * Logistic.sigmoid(r) / 2);
    }),
    /** {@code -log s(beta c) - log s(-beta r)}: BCO (Jung et al. 2024, arXiv:2404.04656) on pairs, without its shift. */
    BCO_PAIR(false, (pair, with) -> {
        double c = with.beta() * pair.chosen();
        double r = with.beta() * pair.rejected();
        double loss = -Logistic.logSigmoid(c) - Logistic.logSigmoid(-r);
        return new PairGradient(loss, -with.beta() * Logistic.sigmoid(-c), with.beta() * Logistic.sigmoid(r));
    }),
    /** {@code (c - 1/(2 beta))^2 + (r + 1/(2 beta))^2}: SPPO (Wu et al. 2024, arXiv:2405.00675, eq. 4.7) with hard labels. */
    SPPO_HARD(false, (pair, with) -> {
        double c = pair.chosen() - 0.5 / with.beta();
        double r = pair.rejected() + 0.5 / with.beta();
        return new PairGradient(c * c + r * r, 2 * c, 2 * r);
    }),
    /** {@code 1 - s(beta c) + s(beta r)}: APO (D'Oosterlinck et al. 2024, arXiv:2408.06266, eq. 7). */
    APO_ZERO(false, (pair, with) -> {
        double c = Logistic.sigmoid(with.beta() * pair.chosen());
        double r = Logistic.sigmoid(with.beta() * pair.rejected());
        return new PairGradient(1 - c + r, -with.beta() * c * (1 - c), with.beta() * r * (1 - r));
    }),
    /** {@code s(beta c) + 1 - s(z)}: APO, eq. 8, for chosen answers worse than what the policy writes already. */
    APO_DOWN(false, (pair, with) -> {
        double c = Logistic.sigmoid(with.beta() * pair.chosen());
        double z = Logistic.sigmoid(with.beta() * pair.margin());
        double fall = with.beta() * z * (1 - z);
        return new PairGradient(c + 1 - z, with.beta() * c * (1 - c) - fall, fall);
    }),
    /** Optimal transport between the sorted margins of policy and reference: {@link OptimalTransport}. */
    AOT(false, (pair, with) -> PairGradient.NONE),
    /** Optimal transport between the sorted log-ratios of better and worse answers: {@link OptimalTransport}. */
    AOT_UNPAIRED(false, (pair, with) -> PairGradient.NONE),
    /** Nothing of the pair: supervised learning of the better answers, token mean ({@link PairLoss#imitation}). */
    SFT(true, (pair, with) -> PairGradient.NONE);

    private final boolean onMargins;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final Form form;

    DpoLossType(boolean onMargins, Form form) {
        this.onMargins = onMargins;
        this.form = form;
    }

    /** Whether a divergence other than the reverse KL may change its scores: it reads differences of them only. */
    public boolean onMargins() {
        return onMargins;
    }

    /** Whether it compares across the pairs of a micro-batch. */
    public boolean couplesPairs() {
        return this == AOT || this == AOT_UNPAIRED;
    }

    /** The loss of one pair and its derivatives by the two scores; 0 for what is no function of one pair's scores. */
    PairGradient of(ScoredPair pair, DpoLoss with) {
        return form.of(pair, with);
    }

    @FunctionalInterface
    private interface Form {
        PairGradient of(ScoredPair pair, DpoLoss with);
    }
}
