package ai.preceptor.lm.torch;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle;
import ai.preceptor.formats.family.Positions;
import java.util.Arrays;

/**
 * The constants of a model or a layer that kernels take (layer.kernels explains each number).
 *
 * @param plan whole numbers
 * @param numbers fractions
 */
public record KernelPlan(long[] plan, double[] numbers) {
    private static final int PLAN_HEAD = 7;
    private static final int PLAN_LAYER = 2;
    private static final int NUMBERS_HEAD = 3;

    /** The plan of a whole model. */
    public static KernelPlan of(DecoderConfig config) {
        LayerStyle style = config.style();
        Positions positions = config.positions();
        int layers = config.layers();
        long[] plan = new long[PLAN_HEAD + PLAN_LAYER * layers];
        plan[0] = config.heads();
        plan[1] = config.kvHeads();
        plan[2] = style.norm().code();
        plan[3] = style.activation().code();
        plan[4] = style.gated() ? 1 : 0;
        plan[5] = style.parallel() ? 1 : 0;
        plan[6] = positions.window();
        double[] numbers = new double[NUMBERS_HEAD + layers];
        numbers[0] = config.normEps();
        numbers[1] = config.scales().embedding();
        numbers[2] = config.scales().logitCap();
        for (int i = 0; i < layers; i++) {
            plan[PLAN_HEAD + PLAN_LAYER * i] = positions.ropeOf().get(i);
            plan[PLAN_HEAD + PLAN_LAYER * i + 1] = positions.windowed().get(i) ? 1 : 0;
            numbers[NUMBERS_HEAD + i] = config.scales().attention().get(i);
        }
        return new KernelPlan(plan, numbers);
    }

    /** The plan of one layer. */
    public KernelPlan layer(int i) {
        long[] own = Arrays.copyOf(plan, PLAN_HEAD + PLAN_LAYER);
        System.arraycopy(plan, PLAN_HEAD + PLAN_LAYER * i, own, PLAN_HEAD, PLAN_LAYER);
        double[] fractions = Arrays.copyOf(numbers, NUMBERS_HEAD + 1);
        fractions[NUMBERS_HEAD] = numbers[NUMBERS_HEAD + i];
        return new KernelPlan(own, fractions);
    }

    /** Place of a layer's rotary table, -1 for none. */
    public int rope() {
        return (int) plan[PLAN_HEAD];
    }

    /** Factor of a layer's attention scores. */
    public double scoreScale() {
        return numbers[NUMBERS_HEAD];
    }

    /** Whether a layer has the model's window. */
    public boolean windowed() {
        return plan[PLAN_HEAD + 1] == 1;
    }

    /** Kind of the norms. */
    public long normKind() {
        return plan[2];
    }

    /** Whether the MLP's inputs are a gate and what it gates. */
    public boolean gated() {
        return plan[4] == 1;
    }

    /** Added to mean squares in norms. */
    public double normEpsilon() {
        return numbers[0];
    }

    /** Factor of the embeddings. */
    public double embeddingScale() {
        return numbers[1];
    }

    /** Bound of the logits, 0 for none. */
    public double logitCap() {
        return numbers[2];
    }
}
