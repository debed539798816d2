package ai.preceptor.lm.generate;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.VectorSupport;
import ai.preceptor.vector.WeightType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What computes the steps of generation. Prompts are always computed by libtorch.
 *
 * @param rolloutDtype how Java keeps the weights that it computes steps with; null for steps by libtorch in the element type of the
 *     model's matrix products
 */
public record DecodeSettings(
        @Key(
                help =
                        "sampling: element type of the weights of steps that Java computes instead of libtorch, with the same bits"
                                + " for any number of answers; default: libtorch, in dtype")
        @Nullable
        WeightType rolloutDtype)
        implements Checked {
    /** Steps by libtorch. */
    public static final DecodeSettings TENSORS = new DecodeSettings(null);

    /**
     * The precision whose rounding samples have.
     *
     * @param model of the model's matrix products, in which prompts are computed
     */
    public Precision rounding(Precision model) {
        return rolloutDtype == null || rolloutDtype == WeightType.FLOAT32 ? model : Precision.BFLOAT16;
    }

    @Override
    public void check(Checks checks) {
        if (rolloutDtype != null) {
            VectorSupport.whyNot()
                    .ifPresent(why -> checks.refuse(
                            "rollout_dtype",
                            "expected none here, because " + why + ", found "
                                    + rolloutDtype.name().toLowerCase(Locale.ROOT)));
        }
    }
}
