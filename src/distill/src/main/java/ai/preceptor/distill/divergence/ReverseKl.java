package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * <b>Idea.</b> The student says only what the teacher would: it picks some of the teacher's modes and is sure of them.
 *
 * <p><b>Formula.</b> {@code KL(q || p) = sum q (log q - log p)}; slope {@code q (log q - log p + 1)}.
 *
 * <p><b>Source.</b> Gu et al. 2024, MiniLLM, arXiv:2306.08543, eq. 1, there over whole sequences; per token, Agarwal et al.
 * 2024, arXiv:2306.13649, section 2. TRL's GKD with {@code beta} 1.
 *
 * <p><b>Departures.</b> Per token and differentiated exactly, not a policy gradient over sequences as in MiniLLM.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> When the student is to keep the teacher's variety; and with a teacher cut off to its top
 * tokens without a tail, where it is infinite.
 */
public record ReverseKl() implements Divergence {

    @Override
    public String key() {
        return "reverse_kl";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double value = 0;
        for (int v = 0; v < slope.length; v++) {
            double ratio = student[v] - teacher[v];
            slope[v] = Divergence.times(student[v], ratio + 1);
            value += Divergence.times(student[v], ratio);
        }
        return value;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.REVERSE_KL, 0, weight);
    }
}
