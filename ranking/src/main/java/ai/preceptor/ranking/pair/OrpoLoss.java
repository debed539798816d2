package ai.preceptor.ranking.pair;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.SequenceScore;
import ai.preceptor.train.Logistic;
import java.util.List;
import java.util.Map;

/**
 * Odds ratio preference optimization.
 *
 * <p><b>Idea.</b> Supervised learning of the better answer alone also raises its rival; a small penalty on the odds ratio
 * of the two during that very learning tells them apart. No reference model and no warm-up.
 *
 * <p><b>Formula.</b> With m the token mean of an answer's log-probability and {@code p = exp m},
 *
 * <pre>
 *   log odds ratio = log(p_w / (1 - p_w)) - log(p_l / (1 - p_l))
 *   L = -1/T sum over t of log pi(token_t)  -  beta log sigmoid(log odds ratio)
 * </pre>
 *
 * <p><b>Source.</b> Hong et al. 2024, ORPO, arXiv:2403.07691, eq. 4, 6 and 7; beta is the paper's lambda.
 *
 * <p><b>Departures.</b> TRL 1.16's are kept: the supervised term learns the better answer <em>and its prompt</em>, all
 * tokens but the first; each sequence stands between a beginning-of-sequence and an end-of-sequence token where the chat
 * template wrote none. Accumulated micro-batches give the step's own token mean, where TRL averages theirs.
 *
 * <p><b>Masking.</b> The odds ratio: completion tokens only. The supervised term: prompt and better answer.
 *
 * <p><b>When not to use it.</b> When the better answers are not worth imitating: their likelihood is most of the loss.
 *
 * @param beta weight of the odds ratio's term, above 0; 0.1 in the paper and in TRL
 */
public record OrpoLoss(double beta) implements PairLoss {

    /** @throws IllegalArgumentException if {@code beta} is not above 0 */
    public OrpoLoss {
        Range.require("beta", beta, "(0, inf)");
    }

    @Override
    public String name() {
        return "orpo";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public PairPacking packing() {
        return PairPacking.ENCLOSED_WITH_PROMPT;
    }

    @Override
    public SequenceScore reported() {
        return SequenceScore.MEAN;
    }

    @Override
    public double imitation() {
        return 1;
    }

    /** Loss and gradient of each pair; the rewards are {@code beta m}. */
    @Override
    public List<PairTerm> terms(List<AnswerPair> pairs) {
        return pairs.stream().map(this::term).toList();
    }

    private PairTerm term(AnswerPair pair) {
        double chosen = SequenceScore.MEAN.of(pair.chosen());
        double rejected = SequenceScore.MEAN.of(pair.rejected());
        double logOdds = chosen - rejected - (log1mExp(chosen) - log1mExp(rejected));
        double ratio = Logistic.logSigmoid(logOdds);
        double slope = -beta * pair.weight() * Logistic.sigmoid(-logOdds);
        return new PairTerm(
                -beta * pair.weight() * ratio,
                slope * rise(chosen) * SequenceScore.MEAN.slope(pair.chosen()),
                -slope * rise(rejected) * SequenceScore.MEAN.slope(pair.rejected()),
                beta * chosen,
                beta * rejected,
                Map.of("log_odds_ratio", ratio, "log_odds_chosen", logOdds));
    }

    /** Derivative of {@code log(p / (1 - p))} by {@code log p}: {@code 1 / (1 - p)}. */
    private static double rise(double logp) {
        return -1 / Math.expm1(logp);
    }

    /** {@code log(1 - exp x)} for x below 0, exact near both ends. */
    private static double log1mExp(double x) {
        return x < -Math.log(2) ? Math.log1p(-Math.exp(x)) : Math.log(-Math.expm1(x));
    }
}
