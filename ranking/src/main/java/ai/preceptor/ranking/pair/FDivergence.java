package ai.preceptor.ranking.pair;

import ai.preceptor.train.Logistic;

/**
 * The divergence that holds a policy near its reference, and what it makes of a log-ratio {@code h = log t}, {@code t =
 * pi/pi_ref}: the reward of an answer is {@code beta f'(t)} up to a term of the prompt alone (Wang et al. 2023, Beyond
 * Reverse KL, arXiv:2309.16240). The reverse KL gives DPO's own log-ratio.
 */
public enum FDivergence {
    /** {@code f'(t) = log t + 1}, of which the 1 cancels in a pair: DPO. */
    REVERSE_KL {
        @Override
        double score(double logratio, double alpha) {
            return logratio;
        }

        @Override
        double slope(double logratio, double alpha) {
            return 1;
        }
    },
    /** {@code 1 - 1/t}. */
    FORWARD_KL {
        @Override
        double score(double logratio, double alpha) {
            return 1 - Math.exp(-logratio);
        }

        @Override
        double slope(double logratio, double alpha) {
            return Math.exp(-logratio);
        }
    },
    /** {@code log(2 t / (1 + t))}: the Jensen-Shannon divergence. */
    JS_DIVERGENCE {
        @Override
        double score(double logratio, double alpha) {
            return Math.log(2) + Logistic.logSigmoid(logratio);
        }

        @Override
        double slope(double logratio, double alpha) {
            return Logistic.sigmoid(-logratio);
        }
    },
    /**
     * {@code (t^(alpha - 1) - 1) / (alpha - 1)}, the reverse KL at {@code alpha = 1}. As in TRL, {@code (alpha - 1) h} is
     * taken as 80 where it is more, and the score is flat there.
     */
    ALPHA_DIVERGENCE {
        @Override
        double score(double logratio, double alpha) {
            double power = alpha - 1;
            return isReverse(alpha) ? logratio : (Math.exp(Math.min(power * logratio, LARGEST)) - 1) / power;
        }

        @Override
        double slope(double logratio, double alpha) {
            double exponent = (alpha - 1) * logratio;
            return isReverse(alpha) ? 1 : (exponent > LARGEST ? 0 : Math.exp(exponent));
        }
    };

    private static final double LARGEST = 80;

    /**
     * What stands for the log-ratio in a loss, in nats.
     *
     * @param logratio log pi/pi_ref of an answer
     * @param alpha read by {@link #ALPHA_DIVERGENCE} only
     */
    abstract double score(double logratio, double alpha);

    /** Derivative of {@link #score} by the log-ratio. */
    abstract double slope(double logratio, double alpha);

    private static boolean isReverse(double alpha) {
        return Math.abs(alpha - 1) < 1e-6;
    }
}
