package ai.preceptor.formats.rope;

import ai.preceptor.formats.io.JsonFields;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads rotary parameters in both spellings: {@code rope_parameters} (but {@code rope_scaling} wins where both are set, as
 * in transformers), and the older {@code rope_theta} beside {@code rope_scaling} with {@code type} or {@code rope_type}.
 */
public final class RopeReader {
    private final int headDim;
    private final int positions;
    private boolean partial;
    private double otherPart = 1;
    private int original;
    private List<String> longRopeNames = List.of();

    /**
     * For a model of these sizes.
     *
     * @param headDim elements of a head
     * @param positions positions the model is meant for
     */
    public RopeReader(int headDim, int positions) {
        this.headDim = headDim;
        this.positions = positions;
    }

    /** Allows rotation of a part of each head: this much of it unless the file says so. */
    public RopeReader partial(double otherwise) {
        partial = true;
        otherPart = otherwise;
        return this;
    }

    /** Takes the original context from elsewhere than the parameters. */
    public RopeReader original(int context) {
        original = context;
        return this;
    }

    /** Reads further types as {@code longrope}. */
    public RopeReader longRopeAs(String... types) {
        longRopeNames = List.of(types);
        return this;
    }

    /** Reads a file's parameters. */
    public RopeParameters read(JsonFields config, double defaultTheta) {
        JsonFields rope = config.inner(config.has("rope_scaling") ? "rope_scaling" : "rope_parameters");
        return read(rope, config, config.positive("rope_theta", defaultTheta));
    }

    /**
     * Reads one object of parameters.
     *
     * @param rope the object
     * @param config the whole file, whose {@code partial_rotary_factor} counts where the object has none
     */
    public RopeParameters read(JsonFields rope, JsonFields config, double defaultTheta) {
        double theta = rope.positive("rope_theta", defaultTheta);
        double part = rope.positive("partial_rotary_factor", config.positive("partial_rotary_factor", otherPart));
        if (!partial && part != 1) {
            rope.problem("partial_rotary_factor", "expected 1 (all of a head rotates), found " + part);
            part = 1;
        }
        int rotated = (int) (headDim * part);
        if (part > 1 || rotated < 2 || rotated % 2 != 0) {
            String expected = "expected a part whose number of elements, of heads of " + headDim
                    + ", is even, from 2 to " + headDim + ", found ";
            if (partial) {
                rope.problem("partial_rotary_factor", expected + part);
            }
            part = 1; // an odd head is refused by its own key
        }
        return new RopeParameters(theta, scaling(rope, (int) (headDim * part)), part);
    }

    private RopeScaling scaling(JsonFields rope, int rotated) {
        String key = rope.has("rope_type") ? "rope_type" : "type";
        String written = rope.text(key).orElse("default");
        String type = longRopeNames.contains(written) ? Kind.LONGROPE.label() : written;
        for (Kind kind : Kind.values()) {
            if (kind.label().equals(type)) {
                return kind.reader.read(this, rope, rotated);
            }
        }
        String legal = Arrays.stream(Kind.values()).map(Kind::label).collect(Collectors.joining(", "));
        rope.problem(key, "expected one of " + legal + ", found \"" + type + "\"");
        return new RopeScaling.None();
    }

    /** The original context, and where the object has none the model's. */
    private int original(JsonFields rope) {
        int own = rope.size("original_max_position_embeddings", Integer.MAX_VALUE, positions);
        return original > 0 ? original : own;
    }

    /** The factor, or where there is none the ratio of the contexts. */
    private double factor(JsonFields rope, int context) {
        return rope.positive("factor", (double) positions / context);
    }

    private RopeScaling dynamic(JsonFields rope, int rotated) {
        if (rotated == 2) {
            rope.problem("rope_type", "expected more than 2 rotated elements of a head for dynamic, found 2");
        }
        return new RopeScaling.Dynamic(rope.positive("factor"), positions);
    }

    private RopeScaling yarn(JsonFields rope) {
        int context = original(rope);
        double factor = factor(rope, context);
        double inferred = rope.has("mscale") && rope.has("mscale_all_dim")
                ? magnitude(factor, rope.positive("mscale", 1)) / magnitude(factor, rope.positive("mscale_all_dim", 1))
                : magnitude(factor, 1);
        return new RopeScaling.Yarn(
                factor,
                context,
                rope.positive("attention_factor", inferred),
                rope.positive("beta_fast", 32),
                rope.positive("beta_slow", 1),
                rope.flag("truncate", true));
    }

    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private RopeScaling llama3(JsonFields rope) {
        double low = rope.positive("low_freq_factor");
        double high = rope.positive("high_freq_factor");
        if (low == high && rope.has("low_freq_factor") && rope.has("high_freq_factor")) {
            rope.problem("high_freq_factor", "expected another value than low_freq_factor, found " + high);
        }
        return new RopeScaling.Llama3(rope.positive("factor"), low, high, original(rope));
    }

    private RopeScaling longRope(JsonFields rope, int rotated) {
        int context = original(rope);
        double factor = factor(rope, context);
        double inferred = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(context));
        return new RopeScaling.LongRope(
                rope.positives("short_factor", rotated / 2),
                rope.positives("long_factor", rotated / 2),
                context,
                rope.positive("attention_factor", inferred));
    }

    /** Reads one kind of scaling. */
    private interface ScalingReader {
        /** @param rotated rotated elements of a head */
        RopeScaling read(RopeReader model, JsonFields rope, int rotated);
    }

    /** Kinds of scaling by the names files use, each with its reader. */
    private enum Kind {
        DEFAULT((model, rope, rotated) -> new RopeScaling.None()),
        LINEAR((model, rope, rotated) -> new RopeScaling.Linear(rope.positive("factor"))),
        DYNAMIC(RopeReader::dynamic),
        YARN((model, rope, rotated) -> model.yarn(rope)),
        LLAMA3((model, rope, rotated) -> model.llama3(rope)),
        LONGROPE(RopeReader::longRope);

        @SuppressWarnings("ImmutableEnumChecker") // readers have no state
        private final ScalingReader reader;

        Kind(ScalingReader reader) {
            this.reader = reader;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
