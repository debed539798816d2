package ai.preceptor.lm.generate;

import ai.preceptor.vector.WeightType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Values of {@code rollout_dtype}. */
public enum RolloutDtype {
    /** Steps in Java, weights as they are. */
    FLOAT32(WeightType.FLOAT32),
    /** Steps in Java, weights rounded to bfloat16. */
    BFLOAT16(WeightType.BFLOAT16),
    /** Steps in Java, weights rounded to 8 bits. */
    INT8(WeightType.INT8),
    /** Steps in Java without further rounding if they are measured to be faster here, else by libtorch. */
    AUTO(null);

    private final @Nullable WeightType weights;

    RolloutDtype(@Nullable WeightType weights) {
        this.weights = weights;
    }

    static RolloutDtype of(WeightType weights) {
        return Arrays.stream(values())
                .filter(value -> value.weights == weights)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("weights: " + weights));
    }

    /** @throws IllegalStateException for {@link #AUTO} */
    WeightType weights() {
        if (weights == null) {
            throw new IllegalStateException("rollout_dtype: auto, which was not chosen before generation");
        }
        return weights;
    }
}
