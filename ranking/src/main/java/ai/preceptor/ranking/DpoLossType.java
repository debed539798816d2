package ai.preceptor.ranking;

import ai.preceptor.train.Logistic;

/**
 * The forms of the direct preference loss, by TRL's {@code loss_type} names in lower case where TRL has the form. Each is
 * a function of the logit {@code z = beta (chosenLogratio - rejectedLogratio)} of one pair.
 */
public enum DpoLossType {

    /**
     * {@code -log sigmoid(z)}: the likelihood of the preference (Rafailov et al. 2023, eq. 7). Ignores the label
     * smoothing, as TRL 1.16 does; {@link #CDPO} heeds it.
     */
    SIGMOID {
        @Override
        PairTerm term(double chosenLogratio, double rejectedLogratio, DpoLoss settings) {
            return smoothed(chosenLogratio - rejectedLogratio, settings.beta(), 1, 0);
        }
    },

    /**
     * {@code -(1 - e) log sigmoid(z) - e log sigmoid(-z)}: conservative DPO (Mitchell 2023, eq. 3), for labels that are
     * wrong with probability {@code e}; its optimum is a finite margin. Not in TRL 1.16, whose earlier versions reached
     * it by {@code sigmoid} with {@code label_smoothing}.
     */
    CDPO {
        @Override
        PairTerm term(double chosenLogratio, double rejectedLogratio, DpoLoss settings) {
            double flipped = settings.labelSmoothing();
            return smoothed(chosenLogratio - rejectedLogratio, settings.beta(), 1 - flipped, flipped);
        }
    },

    /**
     * {@code (-(1 - e) log sigmoid(z) + e log sigmoid(-z)) / (1 - 2 e)}: an unbiased estimate of the loss on clean labels
     * when a share {@code e} of them is flipped (Chowdhury et al. 2024, Robust DPO). May be negative.
     */
    ROBUST {
        @Override
        PairTerm term(double chosenLogratio, double rejectedLogratio, DpoLoss settings) {
            double flipped = settings.labelSmoothing();
            double scale = 1 / (1 - 2 * flipped);
            return smoothed(
                    chosenLogratio - rejectedLogratio, settings.beta(), (1 - flipped) * scale, -flipped * scale);
        }
    };

    /**
     * The loss of one pair and its derivatives by the two log-ratios.
     *
     * @param chosenLogratio log pi/pi_ref of the better answer, in nats
     * @param rejectedLogratio log pi/pi_ref of the worse answer, in nats
     * @param settings the loss's numbers
     */
    abstract PairTerm term(double chosenLogratio, double rejectedLogratio, DpoLoss settings);

    /** {@code -asLabelled log sigmoid(z) - asFlipped log sigmoid(-z)} at {@code z = beta * margin}. */
    private static PairTerm smoothed(double margin, double beta, double asLabelled, double asFlipped) {
        double logit = beta * margin;
        double loss = -asLabelled * Logistic.logSigmoid(logit) - asFlipped * Logistic.logSigmoid(-logit);
        double slope = beta * (asFlipped * Logistic.sigmoid(logit) - asLabelled * Logistic.sigmoid(-logit));
        return new PairTerm(loss, slope, -slope);
    }

    /**
     * The loss of one pair.
     *
     * @param loss its value
     * @param chosenSlope derivative by the better answer's log-ratio
     * @param rejectedSlope derivative by the worse answer's log-ratio
     */
    record PairTerm(double loss, double chosenSlope, double rejectedSlope) {}
}
