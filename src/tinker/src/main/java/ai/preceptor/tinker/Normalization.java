package ai.preceptor.tinker;

import java.util.ArrayList;
import java.util.List;

/**
 * By what a service divides gradients, besides nothing.
 *
 * @param byPositions each sequence's by its positions of weight 1 (SkyRL with JAX)
 * @param bySequences all by the number of sequences since the last optimizer step (SkyRL with JAX); FSDP and Megatron sum
 */
record Normalization(boolean byPositions, boolean bySequences) {
    /**
     * Advantages that make the gradient that of the sum.
     *
     * @param data all sequences of an optimizer step, with derivatives of the sum as advantages
     */
    List<Datum> undo(List<Datum> data) {
        List<Datum> scaled = new ArrayList<>();
        for (Datum datum : data) {
            double factor = (byPositions ? datum.length() : 1.0) * (bySequences ? data.size() : 1.0);
            float[] advantages = datum.advantages().clone();
            for (int i = 0; i < advantages.length; i++) {
                advantages[i] = (float) (advantages[i] * factor);
            }
            scaled.add(datum.training(datum.logprobs(), advantages));
        }
        return scaled;
    }

    /** In words. */
    String told() {
        if (byPositions || bySequences) {
            return "divides gradients by " + (byPositions ? "the positions of a sequence" : "")
                    + (byPositions && bySequences ? " and " : "") + (bySequences ? "the number of sequences" : "");
        }
        return "sums gradients";
    }
}
