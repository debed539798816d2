package ai.preceptor.ranking.unpaired;

import ai.preceptor.data.setting.Range;
import ai.preceptor.train.Logistic;
import java.util.OptionalDouble;

/**
 * Losses over single labeled answers: Kahneman-Tversky optimization and binary classifier optimization.
 *
 * <p><b>Idea.</b> Not pairs but single answers labeled good or bad are what users leave behind. An answer's implicit reward
 * is valued against a reference point as in prospect theory (KTO), or classified by a binary classifier whose shift
 * makes its loss bound DPO's (BCO).
 *
 * <p><b>Formula.</b> With {@code h = log pi(y|x) - log pi_ref(y|x)} and desirable answers D, undesirable ones U,
 *
 * <pre>
 *   kto:  L = w_D mean over D of (1 - sigmoid(beta (h - z)))  +  w_U mean over U of (1 - sigmoid(beta (z - h)))
 *         z = max(0, mean of h over mismatched answers, see LabeledRow)
 *   bco:  -log sigmoid(beta h - z) over D,  -log sigmoid(z - beta h) over U,  z the running mean of beta h
 * </pre>
 *
 * <p>where both means are taken over all rows together, so that their sum is one mean.
 *
 * <p><b>Source.</b> Ethayarajh et al. 2024, KTO, arXiv:2402.01306, eq. 7 and 8; Jung et al. 2024, BCO, arXiv:2404.04656;
 * {@link KtoLossType} names the third.
 *
 * <p><b>Departures.</b> None from TRL 1.16 for {@code kto} and {@code apo_zero_unpaired}. BCO's running mean is over
 * answers where TRL's former trainer took it over batches; its correction for prompts of differing kinds (underlying
 * distribution matching) is left out: it needs a model that embeds prompts.
 *
 * <p>TRL's mismatched answers are those of neighbors in the file. Where neighbors have the same prompt, as rows from pairs and
 * groups do, half of them or more answer the row's own prompt: {@code z} then follows what training does to these answers, and
 * does not estimate the KL without bias as the paper's does.
 *
 * <p><b>When not to use it.</b> When the same prompt has a good and a bad answer: DPO uses that they share it. When one kind of
 * label is rare: set the weights so that {@code w_D |D|} to {@code w_U |U|} is between 1 and 4/3.
 *
 * @param type form of the loss
 * @param beta strength of the pull to the reference, above 0; 0.1 in TRL and in most of the paper
 * @param desirableWeight {@code w_D}, 0 or more; 1 by default
 * @param undesirableWeight {@code w_U}, 0 or more; 1 by default
 */
public record KtoLoss(KtoLossType type, double beta, double desirableWeight, double undesirableWeight)
        implements UnpairedLoss {

    /** @throws IllegalArgumentException if a number is out of range */
    public KtoLoss {
        Range.require("beta", beta, "(0, inf)");
        Range.require("desirable_weight", desirableWeight, "[0, inf)");
        Range.require("undesirable_weight", undesirableWeight, "[0, inf)");
    }

    /** KTO as in its paper, with both kinds weighing the same. */
    public static KtoLoss kto(double beta) {
        return new KtoLoss(KtoLossType.KTO, beta, 1, 1);
    }

    @Override
    public String name() {
        return "kto";
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    @Override
    public OptionalDouble klCoefficient() {
        return OptionalDouble.of(beta);
    }

    @Override
    public Baseline baseline() {
        return type.baseline();
    }

    /** {@code beta h}. */
    @Override
    public double reward(LabeledAnswer answer) {
        return beta * answer.logratio();
    }

    @Override
    public UnpairedTerm term(LabeledAnswer answer, double baseline) {
        double sign = answer.desirable() ? 1 : -1;
        double weight = answer.desirable() ? desirableWeight : undesirableWeight;
        double margin = switch (type) {
            case KTO -> sign * beta * (answer.logratio() - baseline);
            case APO_ZERO_UNPAIRED -> sign * reward(answer);
            case BCO -> sign * (reward(answer) - baseline);
        };
        if (type == KtoLossType.BCO) {
            return new UnpairedTerm(
                    -weight * Logistic.logSigmoid(margin), -weight * sign * beta * Logistic.sigmoid(-margin));
        }
        double value = Logistic.sigmoid(margin);
        return new UnpairedTerm(weight * (1 - value), -weight * sign * beta * value * (1 - value));
    }
}
