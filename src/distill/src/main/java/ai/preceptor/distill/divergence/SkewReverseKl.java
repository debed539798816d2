package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> The reverse KL to a teacher mixed with a little of the student: finite whatever the teacher leaves out.
 *
 * <p><b>Formula.</b> With {@code m = (1 - alpha) p + alpha q}, {@code D = KL(q || m)}; slope
 * {@code q (log q - log m) - alpha q^2 / m}, up to a multiple of q, which a softmax takes no notice of.
 *
 * <p><b>Source.</b> Ko et al. 2024, DistiLLM, arXiv:2402.03898, section 3.1 (SRKL).
 *
 * <p><b>Departures.</b> None.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> With {@code alpha} near 1, where nothing is left to learn.
 *
 * @param alpha share of the student in the mixture, in [0, 1); the paper uses 0.1, and 0 is the reverse KL
 */
public record SkewReverseKl(double alpha) implements Divergence {

    /** @throws IllegalArgumentException unless alpha lies in [0, 1) */
    public SkewReverseKl {
        Divergence.share("skew_alpha", alpha, false);
    }

    @Override
    public String key() {
        return "skew_reverse_kl";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double mixture = Divergence.logAdd(teacher[v] + Math.log1p(-alpha), student[v] + Math.log(alpha));
            double part = Divergence.times(student[v], student[v] - mixture);
            slope[v] = part - alpha * Divergence.times(student[v], Math.exp(student[v] - mixture));
            value += part;
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.SKEW_REVERSE_KL, alpha, weight);
    }
}
