package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> The forward KL to a student mixed with a little of the teacher: bounded, with smaller and steadier gradients.
 *
 * <p><b>Formula.</b> With {@code m = alpha p + (1 - alpha) q}, {@code D = KL(p || m)}; slope {@code -(1 - alpha) p q / m}.
 *
 * <p><b>Source.</b> Ko et al. 2024, DistiLLM, arXiv:2402.03898, eq. 3 (SKL).
 *
 * <p><b>Departures.</b> None.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> With {@code alpha} near 1, where nothing is left to learn.
 *
 * @param alpha share of the teacher in the mixture, in [0, 1); the paper uses 0.1, and 0 is the forward KL
 */
public record SkewForwardKl(double alpha) implements Divergence {

    /** @throws IllegalArgumentException unless alpha lies in [0, 1) */
    public SkewForwardKl {
        Divergence.share("skew_alpha", alpha, false);
    }

    @Override
    public String key() {
        return "skew_forward_kl";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = Divergence.logAdd(teacher[v] + Math.log(alpha), student[v] + Math.log1p(-alpha));
            slope[v] = -Divergence.times(teacher[v], (1 - alpha) * Math.exp(student[v] - mixture));
            value += Divergence.times(teacher[v], teacher[v] - mixture);
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.SKEW_FORWARD_KL, alpha, weight);
    }
}
