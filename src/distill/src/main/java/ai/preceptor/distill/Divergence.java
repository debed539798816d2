package ai.preceptor.distill;

import ai.preceptor.data.setting.Range;
import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;

/**
 * A divergence of a student's distribution q from a teacher's p, over the same outcomes. Where p or q is 0,
 * {@code 0 log 0} is 0. The head's kernel computes it ({@link DivergenceKind}).
 *
 * <p><b>Slope</b> below is the derivative by each {@code log q}, those taken as independent of each other, up to a multiple of
 * q, which a softmax takes no notice of.
 *
 * <p><b>Departures</b> of all: no factor T^2 at a temperature T (Hinton et al. 2015, arXiv:1503.02531, section 2); TRL has none
 * either.
 *
 * <p><b>Masking.</b> None here: a divergence is of one token; which tokens take part is the row's to say.
 *
 * @param key the configuration's name of it, such as {@code forward_kl}
 * @param kind what the kernel computes
 * @param parameter its number, where {@code kind} has one
 */
public record Divergence(String key, DivergenceKind kind, double parameter) {

    /**
     * <b>Idea.</b> The student covers everything the teacher may say: where the teacher gives probability and the student
     * none, it costs most.
     *
     * <p><b>Formula.</b> {@code KL(p || q) = sum p (log p - log q)}; slope {@code -p}.
     *
     * <p><b>Source.</b> Hinton, Vinyals and Dean 2015, Distilling the Knowledge in a Neural Network, arXiv:1503.02531, section
     * 2, whose cross-entropy with soft targets differs from it by the teacher's entropy; per token, Kim and Rush 2016,
     * arXiv:1606.07947, section 3.1. TRL's GKD with {@code beta} 0.
     *
     * <p><b>When not to use it.</b> With a student far too small to cover the teacher: it then spreads over what neither would
     * say; {@link #reverseKl} or a mixture fits.
     */
    public static Divergence forwardKl() {
        return new Divergence("forward_kl", DivergenceKind.FORWARD_KL, 0);
    }

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
     * <p><b>When not to use it.</b> When the student is to keep the teacher's variety; and with a teacher cut off to its top
     * tokens without a tail, where it is infinite.
     */
    public static Divergence reverseKl() {
        return new Divergence("reverse_kl", DivergenceKind.REVERSE_KL, 0);
    }

    /**
     * <b>Idea.</b> Both are compared with their mixture: bounded, and between covering ({@code beta} near 0) and picking
     * (near 1).
     *
     * <p><b>Formula.</b> With {@code m = beta p + (1 - beta) q},
     *
     * <pre>  D = beta KL(p || m) + (1 - beta) KL(q || m)</pre>
     *
     * slope {@code (1 - beta) q (log q - log m)}. At 0 and 1, where this is 0, it is by convention {@code KL(p || q)} and
     * {@code KL(q || p)}: the limits of {@code D / beta} and {@code D / (1 - beta)}.
     *
     * <p><b>Source.</b> Agarwal et al. 2024, On-Policy Distillation of Language Models, arXiv:2306.13649, eq. 1.
     *
     * <p><b>Departures.</b> None from TRL's {@code generalized_jsd_loss}. Not scaled by {@code 1 / (beta (1 - beta))}, so the
     * loss and its gradient shrink towards both ends and jump at them.
     *
     * <p><b>When not to use it.</b> Near the ends without raising the learning rate: there the KL itself is meant.
     *
     * @param beta weight of the teacher in the mixture, in [0, 1]
     * @throws IllegalArgumentException if {@code beta} is out of its range
     */
    public static Divergence jsd(double beta) {
        Range.require("beta", beta, "[0, 1]");
        DivergenceKind kind =
                beta == 0 ? DivergenceKind.FORWARD_KL : beta == 1 ? DivergenceKind.REVERSE_KL : DivergenceKind.JSD;
        return new Divergence("jsd", kind, kind == DivergenceKind.JSD ? beta : 0);
    }

    /**
     * <b>Idea.</b> The forward KL to a student mixed with a little of the teacher: bounded, with smaller and steadier
     * gradients.
     *
     * <p><b>Formula.</b> With {@code m = alpha p + (1 - alpha) q}, {@code D = KL(p || m)}; slope {@code -(1 - alpha) p q / m}.
     *
     * <p><b>Source.</b> Ko et al. 2024, DistiLLM, arXiv:2402.03898, eq. 3 (SKL).
     *
     * <p><b>When not to use it.</b> With {@code alpha} near 1, where nothing is left to learn.
     *
     * @param alpha share of the teacher in the mixture, in [0, 1); the paper uses 0.1, and 0 is the forward KL
     * @throws IllegalArgumentException if {@code alpha} is out of its range
     */
    public static Divergence skewForwardKl(double alpha) {
        Range.require("skew_alpha", alpha, "[0, 1)");
        return new Divergence("skew_forward_kl", DivergenceKind.SKEW_FORWARD_KL, alpha);
    }

    /**
     * <b>Idea.</b> The reverse KL to a teacher mixed with a little of the student: finite whatever the teacher leaves out.
     *
     * <p><b>Formula.</b> With {@code m = (1 - alpha) p + alpha q}, {@code D = KL(q || m)}; slope
     * {@code q (log q - log m) - alpha q^2 / m}.
     *
     * <p><b>Source.</b> Ko et al. 2024, DistiLLM, arXiv:2402.03898, section 3.1 (SRKL).
     *
     * <p><b>When not to use it.</b> With {@code alpha} near 1, where nothing is left to learn.
     *
     * @param alpha share of the student in the mixture, in [0, 1); the paper uses 0.1, and 0 is the reverse KL
     * @throws IllegalArgumentException if {@code alpha} is out of its range
     */
    public static Divergence skewReverseKl(double alpha) {
        Range.require("skew_alpha", alpha, "[0, 1)");
        return new Divergence("skew_reverse_kl", DivergenceKind.SKEW_REVERSE_KL, alpha);
    }

    /**
     * <b>Idea.</b> The probability on which the two disagree: no token counts more than its probability, so outliers do not.
     *
     * <p><b>Formula.</b> {@code TV = 1/2 sum |p - q|}, in [0, 1]; slope {@code 1/2 q sign(q - p)}.
     *
     * <p><b>Source.</b> Wen et al. 2023, f-Divergence Minimization for Sequence-Level Knowledge Distillation,
     * arXiv:2307.15190, section 3 (TVD).
     *
     * <p><b>Departures.</b> Per token under the row's own prefix, not over whole sequences of both models.
     *
     * <p><b>When not to use it.</b> Early, when the two hardly overlap: it is flat there.
     */
    public static Divergence totalVariation() {
        return new Divergence("total_variation", DivergenceKind.TOTAL_VARIATION, 0);
    }

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
     * <p><b>Source.</b> Wu et al. 2024, Rethinking Kullback-Leibler Divergence in Knowledge Distillation for Large Language
     * Models, arXiv:2404.02657, section 4 (AKL).
     *
     * <p><b>Departures.</b> Tokens exactly as probable as the last one of the head belong to the head.
     *
     * <p><b>When not to use it.</b> When time matters: the head has to be searched in each row.
     *
     * @param mu probability that the head reaches, in [0, 1]; the paper uses 0.5
     * @throws IllegalArgumentException if {@code mu} is out of its range
     */
    public static Divergence adaptiveKl(double mu) {
        Range.require("adaptive_mu", mu, "[0, 1]");
        return new Divergence("adaptive_kl", DivergenceKind.ADAPTIVE_KL, mu);
    }

    /**
     * <b>Idea.</b> Two distributions over different tokens are compared by their shape: the most probable token of the one
     * with that of the other, and so on down the ranks. So teacher and student may have different vocabularies.
     *
     * <p><b>Formula.</b> With p and q in falling order, the shorter one continued with zeros,
     *
     * <pre>  D = sum over ranks r of |p_(r) - q_(r)|,</pre>
     *
     * in [0, 2]; slope of the token at rank r {@code q_(r) sign(q_(r) - p_(r))}. The Wasserstein distance of the two for a
     * cost that is the same between any two tokens.
     *
     * <p><b>Source.</b> Boizard et al. 2024, Towards Cross-Tokenizer Distillation: the Universal Logit Distillation Loss for
     * LLMs, arXiv:2402.12030, section 4 (ULD); TRL's {@code ULDLoss} with {@code use_extended_uld=False}.
     *
     * <p><b>Departures.</b> The mean is over the loss tokens of the step; TRL's is over the aligned tokens of a row, then over
     * rows. Tokens of an answer are paired by their number, as in the paper and in that setting of TRL's; its {@code
     * uld_token_merge_strategy} is {@code bayesian} here, which pairs distributions that predict the paired tokens.
     *
     * <p><b>When not to use it.</b> Where the vocabularies are the same: it does not see which token a probability is of. Alone
     * from a random start, for the same reason; the paper adds the loss on the row's own tokens, {@code [uld, sft]}. With
     * tokenizers that cut the answers very differently: paired tokens are then of different places. It sorts both
     * distributions at every token, which takes about as long as the head's products.
     */
    public static Divergence uld() {
        return new Divergence("uld", DivergenceKind.RANK_GAP, 0);
    }

    /** As the head's kernel takes it, with its factor in the sum of several. */
    DivergenceTerm term(double weight) {
        return new DivergenceTerm(kind, parameter, weight);
    }
}
