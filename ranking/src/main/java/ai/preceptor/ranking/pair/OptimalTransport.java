package ai.preceptor.ranking.pair;

import ai.preceptor.train.PlackettLuce;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Distributional preference alignment by optimal transport.
 *
 * <p><b>Idea.</b> Not each pair but the whole distribution of better answers shall dominate that of worse ones: every
 * quantile is to be higher. In one dimension optimal transport sorts both sides and pairs them by rank.
 *
 * <p><b>Formula.</b> With {@code u} and {@code v} sorted, {@code d_k = u_(k) - v_(k)} and label smoothing e,
 *
 * <pre>
 *   L = mean over k of  -(1 - e) log sigmoid(beta d_k) - e log sigmoid(-beta d_k)
 *   aot:           u = log pi(w|x) - log pi(l|x),            v = the same of the reference
 *   aot_unpaired:  u = log pi(w|x)/pi_ref(w|x),              v = log pi(l|x)/pi_ref(l|x)
 * </pre>
 *
 * <p><b>Source.</b> Melnyk et al. 2024, Distributional Preference Alignment of LLMs via Optimal Transport,
 * arXiv:2406.05882.
 *
 * <p><b>Departures.</b> As in TRL, what is sorted is the micro-batch: the loss depends on which pairs are run together, and
 * of a single pair it is the sigmoid loss. A rank weighs what the pair of its {@code u} weighs.
 *
 * <p><b>When not to use it.</b> With few pairs a micro-batch, where a quantile is a single pair.
 */
final class OptimalTransport {

    private OptimalTransport() {}

    /** Adds the loss of {@link DpoLossType#AOT} or {@link DpoLossType#AOT_UNPAIRED} to {@code into}, one place a pair. */
    static void add(List<AnswerPair> pairs, boolean paired, DpoLoss with, double factor, PairTerm[] into) {
        ToDoubleFunction<AnswerPair> upper = paired
                ? pair -> pair.chosen().logp() - pair.rejected().logp()
                : pair -> pair.chosen().logratio();
        ToDoubleFunction<AnswerPair> lower = paired
                ? pair -> pair.chosen().referenceLogp() - pair.rejected().referenceLogp()
                : pair -> pair.rejected().logratio();
        int[] above = sorted(pairs, upper);
        int[] below = sorted(pairs, lower);
        double flipped = with.labelSmoothing();
        for (int k = 0; k < above.length; k++) {
            AnswerPair owner = pairs.get(above[k]);
            double distance = upper.applyAsDouble(owner) - lower.applyAsDouble(pairs.get(below[k]));
            MarginLoss form = MarginLoss.smoothed(distance, with.beta(), 1 - flipped, flipped);
            double share = factor * owner.weight();
            // paired, both of the policy's log-probabilities stand in u; unpaired, the worse answers' stand in v
            int worse = paired ? above[k] : below[k];
            into[above[k]] = into[above[k]].plus(PairTerm.of(form.loss(), form.slope(), 0), share);
            into[worse] = into[worse].plus(PairTerm.of(0, 0, -form.slope()), share);
        }
    }

    /** Indices from the lowest to the highest key. */
    private static int[] sorted(List<AnswerPair> pairs, ToDoubleFunction<AnswerPair> key) {
        return PlackettLuce.ranking(
                pairs.stream().map(pair -> -key.applyAsDouble(pair)).toList());
    }
}
