package ai.preceptor.ranking.pair;

import ai.preceptor.train.Logistic;
import java.util.function.DoubleBinaryOperator;

/**
 * The divergence that holds a policy near its reference, and what it makes of a log-ratio {@code h = log t}, {@code t =
 * pi/pi_ref}: the reward of an answer is {@code beta f'(t)} up to a term of the prompt alone (Wang et al. 2023, Beyond
 * Reverse KL, arXiv:2309.16240). The reverse KL gives DPO's own log-ratio.
 */
public enum FDivergence {
    /** {@code f'(t) = log t + 1}, of which the 1 cancels in a pair: DPO. */
    REVERSE_KL((h, alpha) -> h, (h, alpha) -> 1),
    /** {@code 1 - 1/t}. */
    FORWARD_KL((h, alpha) -> 1 - Math.exp(-h), (h, alpha) -> Math.exp(-h)),
    /** {@code log(2 t / (1 + t))}: the Jensen-Shannon divergence. */
    JS_DIVERGENCE((h, alpha) -> Math.log(2) + Logistic.logSigmoid(h), (h, alpha) -> Logistic.sigmoid(-h)),
    /**
     * {@code (t^(alpha - 1) - 1) / (alpha - 1)}, the reverse KL at {@code alpha = 1}. As in TRL, {@code (alpha - 1) h} is
     * taken as 80 where it is more, and the score is flat there.
     */
    ALPHA_DIVERGENCE(
            (h, alpha) ->
                    isReverse(alpha) ? h : (Math.exp(Math.min((alpha - 1) * h, FDivergence.LARGEST)) - 1) / (alpha - 1),
            (h, alpha) ->
                    isReverse(alpha) ? 1 : ((alpha - 1) * h > FDivergence.LARGEST ? 0 : Math.exp((alpha - 1) * h)));

    private static final double LARGEST = 80;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final DoubleBinaryOperator score;

    @SuppressWarnings("ImmutableEnumChecker")
    private final DoubleBinaryOperator slope;

    FDivergence(DoubleBinaryOperator score, DoubleBinaryOperator slope) {
        this.score = score;
        this.slope = slope;
    }

    /**
     * What stands for the log-ratio in a loss, in nats.
     *
     * @param logratio h, log pi/pi_ref of an answer
     * @param alpha read by {@link #ALPHA_DIVERGENCE} only
     */
    double score(double logratio, double alpha) {
        return score.applyAsDouble(logratio, alpha);
    }

    /** Derivative of {@link #score} by the log-ratio. */
    double slope(double logratio, double alpha) {
        return slope.applyAsDouble(logratio, alpha);
    }

    private static boolean isReverse(double alpha) {
        return Math.abs(alpha - 1) < 1e-6;
    }
}
