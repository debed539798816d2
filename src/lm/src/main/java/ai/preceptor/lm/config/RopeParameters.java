package ai.preceptor.lm.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Rotary position embedding of a model.
 *
 * @param theta base of the geometric series of wavelengths, above 0
 * @param scaling how it is stretched
 */
public record RopeParameters(double theta, RopeScaling scaling) {
    private static final double DEFAULT_THETA = 10_000;

    /** Kinds of scaling by the names files use, each with its reader. */
    private enum Kind {
        DEFAULT {
            @Override
            RopeScaling read(JsonFields rope, int maxPositions) {
                return new RopeScaling.None();
            }
        },
        LINEAR {
            @Override
            RopeScaling read(JsonFields rope, int maxPositions) {
                return new RopeScaling.Linear(rope.positive("factor"));
            }
        },
        LLAMA3 {
            @Override
            RopeScaling read(JsonFields rope, int maxPositions) {
                double low = rope.positive("low_freq_factor");
                double high = rope.positive("high_freq_factor");
                if (low == high && rope.has("low_freq_factor") && rope.has("high_freq_factor")) {
                    rope.problem("high_freq_factor", "expected another value than low_freq_factor, found " + high);
                }
                int original = rope.size("original_max_position_embeddings", Integer.MAX_VALUE, maxPositions);
                return new RopeScaling.Llama3(rope.positive("factor"), low, high, original);
            }
        };

        abstract RopeScaling read(JsonFields rope, int maxPositions);

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads both spellings: {@code rope_parameters} (but {@code rope_scaling} wins where both are set, as in
     * transformers), and the older {@code rope_theta} beside {@code rope_scaling} with {@code type} or
     * {@code rope_type}.
     */
    static RopeParameters read(JsonFields config, int maxPositions) {
        double outerTheta = config.positive("rope_theta", DEFAULT_THETA);
        JsonFields rope = config.inner(config.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
        double theta = rope.positive("rope_theta", outerTheta);
        double partial = rope.positive("partial_rotary_factor", config.positive("partial_rotary_factor", 1));
        if (partial != 1) {
            rope.problem("partial_rotary_factor", "expected 1 (all of a head turns), found " + partial);
        }
        return new RopeParameters(theta, scaling(rope, maxPositions));
    }

    private static RopeScaling scaling(JsonFields rope, int maxPositions) {
        String key = rope.has("rope_type") ? "rope_type" : "type";
        String type = rope.text(key).orElse("default");
        for (Kind kind : Kind.values()) {
            if (kind.label().equals(type)) {
                return kind.read(rope, maxPositions);
            }
        }
        String legal = Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(", "));
        rope.problem(key, "expected one of " + legal + ", found \"" + type + "\"");
        return new RopeScaling.None();
    }
}
