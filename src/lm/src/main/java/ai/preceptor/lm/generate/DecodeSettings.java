package ai.preceptor.lm.generate;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.VectorSupport;
import ai.preceptor.vector.WeightType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What computes the steps of generation. Prompts are always computed by libtorch.
 *
 * @param rolloutDtype how Java keeps the weights that it computes steps with; null for steps by libtorch in the element type of the
 *     model's matrix products
 */
public record DecodeSettings(
        @Key(
                help = "sampling: element type of weights for decode steps in Java instead of libtorch, "
                        + "bit-identical for any number of answers; auto: Java in dtype if measured to be faster "
                        + "here",
                defaultText = "libtorch, in dtype")
        @Nullable
        RolloutDtype rolloutDtype)
        implements Checked {
    /** Steps by libtorch. */
    public static final DecodeSettings TENSORS = new DecodeSettings((RolloutDtype) null);

    /**
     * Steps in Java.
     *
     * @param weights of steps; null for steps by libtorch
     */
    public DecodeSettings(@Nullable WeightType weights) {
        this(weights == null ? null : RolloutDtype.of(weights));
    }

    /** Steps in Java with each type of weights. */
    public static List<DecodeSettings> inJava() {
        return Arrays.stream(WeightType.values()).map(DecodeSettings::new).toList();
    }

    /** Whether it is not chosen yet what computes steps. */
    public boolean isAuto() {
        return rolloutDtype == RolloutDtype.AUTO;
    }

    /**
     * The weights that Java computes steps with; null for steps by libtorch.
     *
     * @throws IllegalStateException for {@code auto}, which an engine cannot take
     */
    public @Nullable WeightType weights() {
        return rolloutDtype == null ? null : rolloutDtype.weights();
    }

    /**
     * The precision whose rounding samples have. It does not depend on what {@code auto} comes to.
     *
     * @param model of the model's matrix products, in which prompts are computed
     */
    public Precision rounding(Precision model) {
        return rolloutDtype == null || isAuto() || rolloutDtype == RolloutDtype.FLOAT32 ? model : Precision.BFLOAT16;
    }

    /** Its value as a configuration has it; {@code none} for libtorch. */
    public String value() {
        return KeyName.shown(rolloutDtype);
    }

    /** Why this machine cannot compute such steps, in words; null if it can. {@code auto} can be asked for anywhere. */
    public @Nullable String whyNot() {
        return rolloutDtype == null || isAuto() ? null : VectorSupport.whyNot().orElse(null);
    }

    /**
     * Whether samples are drawn from the model's own distribution, but for how its products are rounded anyway.
     *
     * @param model of the model's matrix products
     */
    public boolean samplesModel(Precision model) {
        return rolloutDtype != RolloutDtype.INT8 && rounding(model) == model;
    }

    /** What samples depend on beside the model and the sampling keys, to be appended to those; empty for {@link #TENSORS}. */
    public String label() {
        return rolloutDtype == null ? "" : " rollout_dtype " + value();
    }

    @Override
    public void check(Checks checks) {
        String why = whyNot();
        if (why != null) {
            checks.refuse("rollout_dtype", "expected none here, because " + why + ", found " + value());
        }
    }
}
