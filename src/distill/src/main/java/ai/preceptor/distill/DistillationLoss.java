package ai.preceptor.distill;

import ai.preceptor.data.setting.Refusals;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.lm.DistributionComparison;
import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss between student and teacher distributions.
 *
 * <p><b>Formula.</b> With T loss tokens in the step, p the teacher's and q the student's next-token distribution at each,
 *
 * <pre>  L = 1/T sum over t of ( sum over k of weight_k D_k(p_t, q_t)  -  sft_weight log q_t(y_t) )</pre>
 *
 * <p><b>Masking.</b> Learnt tokens only, see {@link LossTokens}. The mean is over the tokens of the step, so accumulated
 * micro-batches give the step's own mean, and long answers weigh more than short ones.
 *
 * @param parts divergences with their weights; may be empty when {@code sftWeight} is above 0
 * @param sftWeight weight of the negative log-probability of the row's own tokens, 0 or more
 * @param temperature T of the distributions that divergences compare, above 0; the row's own tokens are learnt at 1
 * @param chunk targets whose logits exist at a time, at least 1
 * @param hidden what is added for hidden states; null for nothing
 */
public record DistillationLoss(
        List<Part> parts,
        double sftWeight,
        double temperature,
        int chunk,
        @Nullable HiddenLoss hidden) {

    /** Without hidden states. */
    public DistillationLoss(List<Part> parts, double sftWeight, double temperature, int chunk) {
        this(parts, sftWeight, temperature, chunk, null);
    }

    /** A divergence and its factor, 0 or more. */
    public record Part(Divergence divergence, double weight) {}

    /** @throws ai.preceptor.data.ConfigurationException when there is nothing to learn, or a number is out of its range */
    public DistillationLoss {
        parts = List.copyOf(parts);
        Refusals refusals = Refusals.none();
        refusals.range("loss_weights", parts.stream().map(Part::weight).toList(), "[0, inf)");
        refusals.range("loss_weights", sftWeight, "[0, inf)");
        if (!(sftWeight > 0) && hidden == null && parts.stream().noneMatch(part -> part.weight() > 0)) {
            refusals.refuse("loss_weights", "expected at least one above 0, found only zeros");
        }
        refusals.range("temperature", temperature, "(0, inf)");
        refusals.range("chunk_size", chunk, "[1, inf)");
        refusals.throwIfAny();
    }

    /** One divergence alone, at temperature 1. */
    public static DistillationLoss of(Divergence divergence) {
        return new DistillationLoss(List.of(new Part(divergence, 1)), 0, 1, DistributionComparison.DEFAULT_CHUNK);
    }

    /** Whether sorted probabilities are compared. */
    public boolean comparesRanks() {
        return parts.stream().anyMatch(part -> part.divergence().kind() == DivergenceKind.RANK_GAP);
    }

    /** Whether nothing is compared token by token, so that the teacher may have another vocabulary. */
    public boolean allowsOtherVocabulary() {
        return hidden == null
                && parts.stream().allMatch(part -> part.divergence().kind() == DivergenceKind.RANK_GAP);
    }

    /** As the head's kernel takes it. */
    DistributionComparison comparison() {
        List<DivergenceTerm> terms = parts.isEmpty()
                ? List.of(Divergence.forwardKl().term(0)) // the kernel wants one
                : parts.stream()
                        .map(part -> part.divergence().term(part.weight()))
                        .toList();
        return new DistributionComparison(terms, temperature, chunk);
    }
}
