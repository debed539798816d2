package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> Both are compared with their mixture: bounded, and between covering ({@code beta} near 0) and picking
 * (near 1).
 *
 * <p><b>Formula.</b> With {@code m = beta p + (1 - beta) q},
 *
 * <pre>  D = beta KL(p || m) + (1 - beta) KL(q || m)</pre>
 *
 * slope {@code (1 - beta) q (log q - log m)} up to a multiple of q, which a softmax takes no notice of. At 0 and 1, where
 * this is 0, it is by convention {@code KL(p || q)} and {@code KL(q || p)}: the limits of {@code D / beta} and
 * {@code D / (1 - beta)}.
 *
 * <p><b>Source.</b> Agarwal et al. 2024, On-Policy Distillation of Language Models, arXiv:2306.13649, eq. 1.
 *
 * <p><b>Departures.</b> None from TRL's {@code generalized_jsd_loss}. Not scaled by {@code 1 / (beta (1 - beta))}, so the
 * loss and its gradient shrink towards both ends and jump at them.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> Near the ends without raising the learning rate: there the KL itself is meant.
 *
 * @param beta weight of the teacher in the mixture, in [0, 1]
 */
public record GeneralizedJsd(double beta) implements Divergence {

    /** @throws IllegalArgumentException unless beta lies in [0, 1] */
    public GeneralizedJsd {
        Divergence.share("beta", beta, true);
    }

    @Override
    public String key() {
        return "jsd";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        if (beta == 0) {
            return new ForwardKl().evaluate(teacher, student, slope);
        }
        if (beta == 1) {
            return new ReverseKl().evaluate(teacher, student, slope);
        }
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = Divergence.logAdd(teacher[v] + Math.log(beta), student[v] + Math.log1p(-beta));
            slope[v] = (1 - beta) * Divergence.times(student[v], student[v] - mixture);
            value += beta * Divergence.times(teacher[v], teacher[v] - mixture) + slope[v];
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return beta == 0
                ? new ForwardKl().term(weight)
                : beta == 1 ? new ReverseKl().term(weight) : new DivergenceTerm(DivergenceKind.JSD, beta, weight);
    }
}
