package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> The student covers everything the teacher may say: where the teacher gives probability and the student none,
 * it costs most.
 *
 * <p><b>Formula.</b> {@code KL(p || q) = sum p (log p - log q)}; slope {@code -p}.
 *
 * <p><b>Source.</b> Hinton, Vinyals and Dean 2015, Distilling the Knowledge in a Neural Network, arXiv:1503.02531, section 2,
 * whose cross-entropy with soft targets differs from it by the teacher's entropy; per token, Kim and Rush 2016,
 * arXiv:1606.07947, section 3.1. TRL's GKD with {@code beta} 0.
 *
 * <p><b>Departures.</b> No factor T^2 (Hinton et al. 2015, arXiv:1503.02531, section 2); TRL has none either.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> With a student far too small to cover the teacher: it then spreads over what neither would
 * say; {@link ReverseKl} or a mixture fits.
 */
public record ForwardKl() implements Divergence {

    @Override
    public String key() {
        return "forward_kl";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            slope[v] = -Math.exp(teacher[v]);
            value += Divergence.times(teacher[v], teacher[v] - student[v]);
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.FORWARD_KL, 0, weight);
    }
}
