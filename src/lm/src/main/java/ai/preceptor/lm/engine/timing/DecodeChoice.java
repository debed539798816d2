package ai.preceptor.lm.engine.timing;

import ai.preceptor.lm.generate.DecodeSettings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code rollout_dtype=auto} came to.
 *
 * @param decode what computes steps
 * @param times that decided; null if nothing was measured
 * @param why Java cannot compute steps here, in words; null if it can
 */
public record DecodeChoice(
        DecodeSettings decode,
        @Nullable StepTimes times,
        @Nullable String why) {
    /** The choice and its reason in one line. */
    public String line() {
        String value = "rollout_dtype: " + decode.value();
        if (times == null) {
            return why == null ? value : value + ", because " + why;
        }
        boolean java = decode.weights() != null;
        return String.format(
                Locale.ROOT,
                "%s (a step of %d %s takes %.1f ms, %s %.1f ms)",
                value,
                times.rows(),
                times.rows() == 1 ? "row" : "rows",
                java ? times.javaMillis() : times.libtorchMillis(),
                java ? "libtorch's" : "Java's",
                java ? times.libtorchMillis() : times.javaMillis());
    }
}
