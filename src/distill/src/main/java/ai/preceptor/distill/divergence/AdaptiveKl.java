package ai.preceptor.distill.divergence;

import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;
import java.util.Arrays;

/**
 * <b>Idea.</b> Forward KL where the student is wrong about the teacher's likely tokens, reverse KL where it is wrong about
 * the rest: token by token, by how wrong it is about each.
 *
 * <p><b>Formula.</b> The head is the fewest most probable tokens of the teacher that together reach {@code mu}; with
 * {@code g_head} and {@code g_tail} the sums of {@code |p - q|} over head and rest,
 *
 * <pre>  D = w KL(p || q) + (1 - w) KL(q || p),   w = g_head / (g_head + g_tail)</pre>
 *
 * where w is a constant to the gradient, and 1/2 when the two are equal.
 *
 * <p><b>Source.</b> Wu et al. 2024, Rethinking Kullback-Leibler Divergence in Knowledge Distillation for Large Language Models,
 * arXiv:2404.02657, section 4 (AKL).
 *
 * <p><b>Departures.</b> Tokens exactly as probable as the last one of the head belong to the head.
 *
 * <p><b>Shapes.</b> {@code [outcomes]} log-probabilities of each in, as many derivatives out.
 *
 * <p><b>Masking.</b> None here: one call is one token; which tokens take part is the row's to say.
 *
 * <p><b>When not to use it.</b> When time matters: the head has to be searched in each row.
 *
 * @param mu probability that the head reaches, in [0, 1]; the paper uses 0.5
 */
public record AdaptiveKl(double mu) implements Divergence {

    /** @throws IllegalArgumentException unless mu lies in [0, 1] */
    public AdaptiveKl {
        Divergence.share("adaptive_mu", mu, true);
    }

    @Override
    public String key() {
        return "adaptive_kl";
    }

    /** @throws IllegalArgumentException if the lengths differ */
    @Override
    public double evaluate(double[] teacher, double[] student, double[] slope) {
        Divergence.requireSameLength(teacher, student, slope);
        double share = headShare(teacher, student);
        double[] reverse = new double[slope.length];
        double value = share * new ForwardKl().evaluate(teacher, student, slope);
        value += (1 - share) * new ReverseKl().evaluate(teacher, student, reverse);
        for (int v = 0; v < slope.length; v++) {
            slope[v] = share * slope[v] + (1 - share) * reverse[v];
        }
        return value;
    }

    /** w: how much of the disagreement lies in the teacher's head, in [0, 1]. */
    public double headShare(double[] teacher, double[] student) {
        double[] sorted = teacher.clone();
        Arrays.sort(sorted);
        double floor = Double.NEGATIVE_INFINITY;
        double reached = 0;
        for (int i = sorted.length - 1; i >= 0 && (reached < mu || i == sorted.length - 1); i--) {
            reached += Math.exp(sorted[i]);
            floor = sorted[i];
        }
        double head = 0;
        double all = 0;
        for (int v = 0; v < teacher.length; v++) {
            double gap = Math.abs(Math.exp(teacher[v]) - Math.exp(student[v]));
            head += teacher[v] >= floor ? gap : 0;
            all += gap;
        }
        return all > 0 ? head / all : 0.5;
    }

    @Override
    public DivergenceTerm term(double weight) {
        return new DivergenceTerm(DivergenceKind.ADAPTIVE_KL, mu, weight);
    }
}
