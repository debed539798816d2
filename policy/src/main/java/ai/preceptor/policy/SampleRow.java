package ai.preceptor.policy;

import ai.preceptor.train.sampling.SampleLine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code samples.jsonl} with the answer's mean advantage, null where it is not learnt from, and its KL to the
 * reference.
 *
 * @param step the first optimizer step that may learn from it, 1-based
 * @param experience the sample with its advantages
 * @param used whether it is learnt from
 */
record SampleRow(int step, Experience experience, boolean used) {

    Map<String, @Nullable Object> toRow() {
        double kl = experience.divergence();
        Map<String, @Nullable Object> learnt = new LinkedHashMap<>();
        learnt.put("advantage", used ? experience.meanAdvantage() : null);
        learnt.put("kl", Double.isNaN(kl) ? null : kl);
        return new SampleLine(step, experience.trajectory(), learnt).toRow();
    }
}
