package ai.preceptor.policy.entropy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Selects the tokens at which the policy was least certain: those whose entropy reaches the (1 - share) quantile over the
 * tokens of an optimizer step. Source: Wang et al. 2025, Beyond the 80/20 Rule, arXiv:2506.01939; TRL's {@code
 * top_entropy_quantile}, there 0.2 as in the paper. TRL takes the quantile over a micro-batch; here it is that of the whole
 * step, by the policy that began the batch, so that neither accumulation nor passes change the selection.
 *
 * @param share of the tokens that are learnt from, in (0, 1]
 */
public record HighEntropyTokens(double share) {

    /** @throws IllegalArgumentException if the share is not in (0, 1] */
    public HighEntropyTokens {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("top_entropy_quantile: " + share + ", must be in (0, 1]");
        }
    }

    /**
     * 1 for a token that is learnt from, else 0.
     *
     * @param entropies {@code [answers][tokens]} of one optimizer step, in nats
     * @return of the same lengths
     */
    public List<double[]> of(List<float[]> entropies) {
        double threshold = quantile(entropies);
        List<double[]> selected = new ArrayList<>();
        for (float[] answer : entropies) {
            double[] weights = new double[answer.length];
            Arrays.setAll(weights, t -> answer[t] >= threshold ? 1 : 0);
            selected.add(weights);
        }
        return selected;
    }

    /** With linear interpolation between neighbours, as in PyTorch. */
    private double quantile(List<float[]> entropies) {
        int count = entropies.stream().mapToInt(answer -> answer.length).sum();
        if (count == 0) {
            return 0;
        }
        double[] sorted = new double[count];
        int next = 0;
        for (float[] answer : entropies) {
            for (float entropy : answer) {
                sorted[next++] = entropy;
            }
        }
        Arrays.sort(sorted);
        double place = (1 - share) * (count - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(count - 1, below + 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
