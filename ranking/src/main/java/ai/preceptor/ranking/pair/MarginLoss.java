package ai.preceptor.ranking.pair;

import ai.preceptor.train.Logistic;

/**
 * Losses of one number, the margin m of a pair; each with its derivative. {@code z = beta m}.
 *
 * @param loss the value
 * @param slope derivative by the margin
 */
record MarginLoss(double loss, double slope) {
    /** Costs nothing. */
    static final MarginLoss NONE = new MarginLoss(0, 0);

    /** {@code -asLabelled log sigmoid(z) - asFlipped log sigmoid(-z)}. */
    static MarginLoss smoothed(double margin, double beta, double asLabelled, double asFlipped) {
        double z = beta * margin;
        double loss = -asLabelled * Logistic.logSigmoid(z) - asFlipped * Logistic.logSigmoid(-z);
        return new MarginLoss(loss, beta * (asFlipped * Logistic.sigmoid(z) - asLabelled * Logistic.sigmoid(-z)));
    }

    /** {@code max(0, 1 - z)}; flat at the corner. */
    static MarginLoss hinge(double margin, double beta) {
        double loss = 1 - beta * margin;
        return loss > 0 ? new MarginLoss(loss, -beta) : NONE;
    }

    /** {@code (m - 1 / (2 beta))^2}. */
    static MarginLoss square(double margin, double beta) {
        double off = margin - 1 / (2 * beta);
        return new MarginLoss(off * off, 2 * off);
    }

    /** {@code KL((q, 1 - q) || (1 - e, e))} at {@code q = sigmoid(z)}; its derivative by z is {@code q (1 - q) (z - logit(1 - e))}. */
    static MarginLoss exo(double margin, double beta, double smoothing) {
        double z = beta * margin;
        double q = Logistic.sigmoid(z);
        double loss = q * (Logistic.logSigmoid(z) - Math.log1p(-smoothing))
                + Logistic.sigmoid(-z) * (Logistic.logSigmoid(-z) - Math.log(smoothing));
        double logit = Math.log1p(-smoothing) - Math.log(smoothing);
        return new MarginLoss(loss, beta * q * Logistic.sigmoid(-z) * (z - logit));
    }

    /** {@code -(1 - m) log sigmoid(z) + m exp(-z)} with {@code m = sigmoid(z / tau)}. */
    static MarginLoss discopop(double margin, double beta, double tau) {
        double z = beta * margin;
        double mix = Logistic.sigmoid(z / tau);
        double rest = Logistic.sigmoid(-z / tau);
        double log = Logistic.logSigmoid(z);
        // far on the wrong side the exponential is infinite and its share 0: the product, which vanishes, is taken at
        // once
        double exponential = Math.exp(-z + Logistic.logSigmoid(z / tau));
        double turn = rest / tau;
        double slope = -Logistic.sigmoid(-z) * rest + log * mix * turn - exponential + exponential * turn;
        return new MarginLoss(-log * rest + exponential, beta * slope);
    }
}
