package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> The probability on which the two disagree: no token counts more than its probability, so outliers do not.
 *
 * <p><b>Formula.</b> {@code TV = 1/2 sum |p - q|}, in [0, 1]; slope {@code 1/2 q sign(q - p)}.
 *
 * <p><b>Source.</b> Wen et al. 2023, f-Divergence Minimization for Sequence-Level Knowledge Distillation, arXiv:2307.15190,
 * section 3 (TVD).
 *
 * <p><b>Departures.</b> Per token under the row's own prefix, not over whole sequences of both models.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> Early, when the two hardly overlap: it is flat there.
 */
public record TotalVariation() implements Divergence {

    @Override
    public String key() {
        return "total_variation";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double q = Math.exp(student[v]);
            double gap = q - Math.exp(teacher[v]);
            slope[v] = q * Math.signum(gap) / 2;
            value += Math.abs(gap) / 2;
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.TOTAL_VARIATION, 0, weight);
    }
}
