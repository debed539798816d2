package ai.preceptor.ranking.pair;

import ai.preceptor.data.setting.Range;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.ranking.answer.SequenceScore;
import java.util.List;
import java.util.Map;

/**
 * Contrastive preference optimization, SimPO and AlphaPO: preferences without a reference model.
 *
 * <p><b>Idea.</b> A uniform reference makes DPO's reward the policy's own log-probability; supervised learning of the
 * better answer (CPO), or a length-normalised reward with a target margin (SimPO), takes the reference's place. AlphaPO
 * bends the reward so that likelihood is displaced less.
 *
 * <p><b>Formula.</b> With s the log-probability of an answer, its sum ({@code sigmoid}, {@code hinge}) or its token mean
 * ({@code ipo}, {@code simpo}), {@code r = s} if {@code alpha = 0}, else {@code r = (1 - exp(-alpha s)) / alpha}, and
 * {@code d = r(w) - r(l)},
 *
 * <pre>
 *   L = form(d) + cpoAlpha (-1/T sum over better answers and t of log pi(y_t | x, y_&lt;t))
 *   sigmoid: -log s(beta d)     simpo: -log s(beta d - gamma)
 * </pre>
 *
 * <p><b>Source.</b> Xu et al. 2024, Contrastive Preference Optimization, arXiv:2401.08417, eq. 3; SimPO: Meng et al.
 * 2024, arXiv:2405.14734, eq. 6; AlphaPO: Gupta et al. 2025, arXiv:2501.03884.
 *
 * <p><b>Departures.</b> None from TRL 1.16, whose trainer also puts each sequence between a beginning-of-sequence and an
 * end-of-sequence token where the chat template wrote none, and whose weight of the supervised term is 1 for every form:
 * SimPO as in its paper has {@code cpo_alpha: 0}. Accumulated micro-batches give the step's own token mean, where TRL
 * averages theirs.
 *
 * <p><b>When not to use it.</b> On a base model or far from the data: nothing holds the policy but the supervised term.
 * SimPO is sensitive to the learning rate; its paper has beta 2 to 10.
 *
 * @param type form of the loss
 * @param beta scale of the rewards, above 0; TRL's default is 0.1
 * @param labelSmoothing share of labels taken to be wrong, in [0, 0.5), of {@code sigmoid} and {@code simpo}
 * @param simpoGamma target margin of {@code simpo}; TRL's default is 0.5
 * @param cpoAlpha weight of the supervised term, 0 or more; TRL's default is 1
 * @param alpha AlphaPO's bend of the reward, 0 for none. The reward is infinite where {@code -alpha s} exceeds 709 nats
 */
public record CpoLoss(
        CpoLossType type, double beta, double labelSmoothing, double simpoGamma, double cpoAlpha, double alpha)
        implements PairLoss {

    /** @throws IllegalArgumentException if a number is out of range */
    public CpoLoss {
        Range.require("beta", beta, "(0, inf)");
        Range.require("label_smoothing", labelSmoothing, "[0, 0.5)");
        Range.require("cpo_alpha", cpoAlpha, "[0, inf)");
        Range.require("simpo_gamma", simpoGamma, "(-inf, inf)");
        Range.require("alpha", alpha, "(-inf, inf)");
    }

    /** SimPO as in its paper. */
    public static CpoLoss simpo(double beta, double gamma) {
        return new CpoLoss(CpoLossType.SIMPO, beta, 0, gamma, 0, 0);
    }

    @Override
    public String name() {
        return "cpo";
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public PairPacking packing() {
        return PairPacking.ENCLOSED;
    }

    @Override
    public SequenceScore reported() {
        return type.score();
    }

    @Override
    public double imitation() {
        return cpoAlpha;
    }

    /** Loss and gradient of each pair; the rewards are {@code beta r}. */
    @Override
    public List<PairTerm> terms(List<AnswerPair> pairs) {
        return pairs.stream().map(this::term).toList();
    }

    private PairTerm term(AnswerPair pair) {
        double chosen = reward(pair.chosen());
        double rejected = reward(pair.rejected());
        MarginLoss form = type.of(chosen - rejected, this);
        double slope = pair.weight() * form.slope();
        return new PairTerm(
                pair.weight() * form.loss(),
                slope * rise(pair.chosen()),
                -slope * rise(pair.rejected()),
                beta * chosen,
                beta * rejected,
                Map.of());
    }

    private double reward(RankedAnswer answer) {
        double score = type.score().of(answer);
        return alpha == 0 ? score : -Math.expm1(-alpha * score) / alpha;
    }

    /** Derivative of the reward by the summed log-probability. */
    private double rise(RankedAnswer answer) {
        return type.score().slope(answer) * Math.exp(-alpha * type.score().of(answer));
    }
}
