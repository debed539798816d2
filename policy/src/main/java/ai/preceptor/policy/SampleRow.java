package ai.preceptor.policy;

import ai.preceptor.train.sampling.SampleLine;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code samples.jsonl} with the answer's mean advantage, null where it is not learnt from, its KL to the
 * reference, and where that is known each sampled token's log-ratio to it.
 *
 * @param step the first optimizer step that may learn from it, 1-based
 * @param experience the sample with its advantages
 * @param used whether it is learnt from
 */
record SampleRow(int step, Experience experience, boolean used) {
    private static final double ROUNDING = 1e4;

    Map<String, @Nullable Object> toRow() {
        double kl = experience.divergence();
        Map<String, @Nullable Object> learnt = new LinkedHashMap<>();
        learnt.put("advantage", used ? experience.meanAdvantage() : null);
        learnt.put("kl", Double.isNaN(kl) ? null : kl);
        float[] reference = experience.referenceLogps();
        if (reference != null) {
            learnt.put("log_ratios", logRatios(experience.oldLogps(), reference));
        }
        return new SampleLine(step, experience.trajectory(), learnt).toRow();
    }

    /** For people to look at: four decimals. */
    private static double[] logRatios(float[] policy, float[] reference) {
        double[] ratios = new double[policy.length];
        Arrays.setAll(ratios, i -> Math.rint(ROUNDING * (policy[i] - reference[i])) / ROUNDING);
        return ratios;
    }
}
