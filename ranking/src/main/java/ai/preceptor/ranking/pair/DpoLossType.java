package ai.preceptor.ranking.pair;

import ai.preceptor.train.Logistic;
import java.util.function.BiFunction;

/**
 * The variants of the DPO loss, by TRL's {@code loss_type} names in lower case where TRL has the variant. Below,
 * {@code c} and {@code r} are the scores of the better and the worse answer, which are their log-ratios unless a
 * divergence changes them; {@code z = beta (c - r)}; {@code e} is the label smoothing; {@code s} the logistic function.
 */
public enum DpoLossType {
    /** {@code -log s(z)} (Rafailov et al. 2023, eq. 7). Ignores the smoothing, as TRL does; {@link #CDPO} heeds it. */
    SIGMOID(false, (margin, with) -> MarginLoss.smoothed(margin, with.beta(), 1, 0)),
    /** {@code -(1 - e) log s(z) - e log s(-z)}: conservative DPO (Mitchell 2023). Not in TRL 1.16. */
    CDPO(
            false,
            (margin, with) ->
                    MarginLoss.smoothed(margin, with.beta(), 1 - with.labelSmoothing(), with.labelSmoothing())),
    /** The unbiased loss under labels flipped with probability e (Chowdhury et al. 2024, arXiv:2403.00409). */
    ROBUST(false, (margin, with) -> {
        double flipped = with.labelSmoothing();
        double scale = 1 / (1 - 2 * flipped);
        return MarginLoss.smoothed(margin, with.beta(), (1 - flipped) * scale, -flipped * scale);
    }),
    /** {@code max(0, 1 - z)}: the hinge of SLiC (Zhao et al. 2023, arXiv:2305.10425) on DPO's margin. */
    HINGE(false, (margin, with) -> MarginLoss.hinge(margin, with.beta())),
    /** {@code (c/n_c - r/n_r - 1/(2 beta))^2}: IPO (Azar et al. 2023, arXiv:2310.12036, eq. 17) on token means, as TRL. */
    IPO(true, (margin, with) -> MarginLoss.square(margin, with.beta())),
    /** {@code -log s(beta (c/n_c - r/n_r))}: DPO on token means (as in Tulu 3, arXiv:2411.15124). */
    SIGMOID_NORM(true, (margin, with) -> MarginLoss.smoothed(margin, with.beta(), 1, 0)),
    /** {@code KL((s(z), s(-z)) || (1 - e, e))}: EXO (Ji et al. 2024, arXiv:2402.00856, eq. 16); needs e above 0. */
    EXO_PAIR(false, (margin, with) -> MarginLoss.exo(margin, with.beta(), with.labelSmoothing())),
    /** DiscoPOP's discovered mixture (Lu et al. 2024, arXiv:2406.08414, eq. 5) of logistic and exponential loss. */
    DISCOPOP(false, (margin, with) -> MarginLoss.discopop(margin, with.beta(), with.discopopTau())),
    /** {@code -log s(beta c) - log s(-beta c)/2 - log s(-beta r)/2}: NCA (Chen et al. 2024, arXiv:2402.05369). */
    NCA_PAIR((chosen, rejected, beta) -> {
        double c = beta * chosen;
        double r = beta * rejected;
        double loss = -Logistic.logSigmoid(c) - (Logistic.logSigmoid(-c) + Logistic.logSigmoid(-r)) / 2;
        double slope = Logistic.sigmoid(c) / 2 - Logistic.sigmoid(-c);
        return PairTerm.of(loss, beta * slope, beta * Logistic.sigmoid(r) / 2);
    }),
    /** {@code -log s(beta c) - log s(-beta r)}: BCO (Jung et al. 2024, arXiv:2404.04656) on pairs, without its shift. */
    BCO_PAIR((chosen, rejected, beta) -> {
        double c = beta * chosen;
        double r = beta * rejected;
        double loss = -Logistic.logSigmoid(c) - Logistic.logSigmoid(-r);
        return PairTerm.of(loss, -beta * Logistic.sigmoid(-c), beta * Logistic.sigmoid(r));
    }),
    /** {@code (c - 1/(2 beta))^2 + (r + 1/(2 beta))^2}: SPPO (Wu et al. 2024, arXiv:2405.00675, eq. 4.7) with hard labels. */
    SPPO_HARD((chosen, rejected, beta) -> {
        double c = chosen - 0.5 / beta;
        double r = rejected + 0.5 / beta;
        return PairTerm.of(c * c + r * r, 2 * c, 2 * r);
    }),
    /** {@code 1 - s(beta c) + s(beta r)}: APO (D'Oosterlinck et al. 2024, arXiv:2408.06266, eq. 7). */
    APO_ZERO((chosen, rejected, beta) -> {
        double c = Logistic.sigmoid(beta * chosen);
        double r = Logistic.sigmoid(beta * rejected);
        return PairTerm.of(1 - c + r, -beta * c * (1 - c), beta * r * (1 - r));
    }),
    /** {@code s(beta c) + 1 - s(z)}: APO, eq. 8, for chosen answers worse than what the policy writes already. */
    APO_DOWN((chosen, rejected, beta) -> {
        double c = Logistic.sigmoid(beta * chosen);
        double z = Logistic.sigmoid(beta * (chosen - rejected));
        double fall = beta * z * (1 - z);
        return PairTerm.of(c + 1 - z, beta * c * (1 - c) - fall, fall);
    }),
    /** Optimal transport between the sorted margins of policy and reference: {@link OptimalTransport}. */
    AOT((chosen, rejected, beta) -> PairTerm.of(0, 0, 0)),
    /** Optimal transport between the sorted log-ratios of better and worse answers: {@link OptimalTransport}. */
    AOT_UNPAIRED((chosen, rejected, beta) -> PairTerm.of(0, 0, 0)),
    /** Nothing of the pair: supervised learning of the better answers, token mean ({@link PairLoss#imitation}). */
    SFT(false, (margin, with) -> MarginLoss.NONE);

    private final boolean onMargins;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiFunction<AnswerPair, DpoLoss, PairTerm> form;

    /** A loss of the difference of the scores, {@code perToken} that of the scores' token means. */
    DpoLossType(boolean perToken, OfMargin loss) {
        this.onMargins = true;
        this.form = (pair, with) -> {
            int chosenTokens = perToken ? pair.chosen().tokens() : 1;
            int rejectedTokens = perToken ? pair.rejected().tokens() : 1;
            double margin = with.score(pair.chosen()) / chosenTokens - with.score(pair.rejected()) / rejectedTokens;
            MarginLoss value = loss.of(margin, with);
            return PairTerm.of(value.loss(), value.slope() / chosenTokens, -value.slope() / rejectedTokens);
        };
    }

    /** A loss of both scores. */
    DpoLossType(OfScores loss) {
        this.onMargins = false;
        this.form = (pair, with) -> loss.of(with.score(pair.chosen()), with.score(pair.rejected()), with.beta());
    }

    /** Whether a divergence other than the reverse KL may change its scores: it reads differences of them only. */
    boolean onMargins() {
        return onMargins;
    }

    /** Whether it compares across the pairs of a micro-batch. */
    public boolean couplesPairs() {
        return this == AOT || this == AOT_UNPAIRED;
    }

    /** The loss of one pair and its derivatives by the two scores; 0 for what is no function of one pair's scores. */
    PairTerm of(AnswerPair pair, DpoLoss with) {
        return form.apply(pair, with);
    }

    @FunctionalInterface
    private interface OfMargin {
        MarginLoss of(double margin, DpoLoss with);
    }

    @FunctionalInterface
    private interface OfScores {
        PairTerm of(double chosen, double rejected, double beta);
    }
}
