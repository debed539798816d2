package ai.preceptor.lm.engine.vector;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.vector.Activation;
import ai.preceptor.vector.DecodeModel;
import ai.preceptor.vector.Linear;
import ai.preceptor.vector.Norm;
import ai.preceptor.vector.PackedMatrix;
import ai.preceptor.vector.RotaryTable;
import ai.preceptor.vector.Team;
import ai.preceptor.vector.WarmUp;
import ai.preceptor.vector.WeightMemory;
import ai.preceptor.vector.WeightType;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a model's weights as {@link DecodeModel} has them. */
public final class VectorModel {
    private static final int MATRICES = 4;
    private static final int NORMS = 8;

    /** Rows of a matrix that are viewed together: of a large head, one buffer does not reach to its end. */
    private static final int BLOCK = 256;

    private final Torch torch;
    private final DecoderConfig config;
    private final WeightType type;

    /** @param type of packed weights */
    public VectorModel(Torch torch, DecoderConfig config, WeightType type) {
        this.torch = torch;
        this.config = config;
        this.type = type;
    }

    /** Has Java compile what steps call, while others prepare them. */
    public void warmUp() {
        WarmUp.start(type, activation(config.style()));
    }

    /**
     * The model with weights as they are now.
     *
     * @param team lays them out
     * @param weights adapters merged
     * @param head {@code [vocabulary, d]}
     * @param tables cosines and sines of each rotary embedding
     */
    public DecodeModel read(Team team, DecoderWeights weights, NDArray head, NDArray[] tables, KernelPlan plan) {
        List<NDArray> tensors = new ArrayList<>(List.of(weights.projections()));
        tensors.add(head);
        List<PackedMatrix> matrices = pack(team, tensors);
        List<DecodeModel.Layer> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer(matrices, weights, i, plan.layer(i)));
        }
        int last = NORMS * config.layers();
        return new DecodeModel(
                sizes(plan),
                layers,
                norm(weights.norms()[last], weights.norms()[last + 1], plan, plan.normKind() == 1),
                matrices.get(matrices.size() - 1),
                tables(tables));
    }

    /**
     * How many blocks of keys and values Java's heap holds beside the packed weights.
     *
     * @param least blocks that one sample needs, 1 or more
     * @param wanted blocks, {@code least} or more
     * @param packed bytes of the weights
     * @throws ConfigurationException if it holds fewer than {@code least}
     */
    public int blocks(int least, int wanted, long packed) {
        return blocks(
                least,
                wanted,
                packed,
                ArrayBlocks.blockBytes(config),
                Runtime.getRuntime().maxMemory());
    }

    static int blocks(int least, int wanted, long packed, long blockBytes, long heap) {
        whyNotFit(packed + least * blockBytes, heap).ifPresent(why -> {
            throw new ConfigurationException("rollout_dtype: " + why
                    + "; expected a larger one (PRECEPTOR_JAVA_OPTS=-Xmx...), another rollout_dtype, or none");
        });
        return (int) Math.min(wanted, (heap / 10 * 8 - packed) / blockBytes);
    }

    /**
     * Why packed weights cannot fit, in words; empty if they can.
     *
     * @param needed bytes of packed weights, and of keys and values
     * @param heap bytes that Java's heap may have
     */
    public static Optional<String> whyNotFit(long needed, long heap) {
        return needed > heap / 10 * 8
                ? Optional.of("packed weights, and keys and values, take " + needed
                        + " bytes of Java's heap, which may have " + heap)
                : Optional.empty();
    }

    private DecodeModel.Sizes sizes(KernelPlan plan) {
        LayerStyle style = config.style();
        return new DecodeModel.Sizes(
                config.hiddenSize(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.positions().window(),
                style.parallel(),
                style.gated(),
                activation(style),
                plan.logitCap());
    }

    private static Activation activation(LayerStyle style) {
        return switch (style.activation()) {
            case SILU -> Activation.SILU;
            case GELU -> Activation.GELU;
            case GELU_TANH -> Activation.GELU_TANH;
            case RELU -> Activation.RELU;
        };
    }

    private DecodeModel.Layer layer(List<PackedMatrix> matrices, DecoderWeights weights, int i, KernelPlan plan) {
        int norm = NORMS * i;
        NDArray[] norms = weights.norms();
        boolean centred = plan.normKind() == 1;
        NDArray none = norms[norm + 1];
        return new DecodeModel.Layer(
                new DecodeModel.Matrices(
                        linear(matrices, weights, MATRICES * i),
                        linear(matrices, weights, MATRICES * i + 1),
                        linear(matrices, weights, MATRICES * i + 2),
                        linear(matrices, weights, MATRICES * i + 3)),
                new DecodeModel.Norms(
                        norm(norms[norm], norms[norm + 1], plan, centred),
                        norm(norms[norm + 2], none, plan, false),
                        norm(norms[norm + 3], none, plan, false),
                        norm(norms[norm + 4], none, plan, centred),
                        norm(norms[norm + 5], norms[norm + 6], plan, centred),
                        norm(norms[norm + 7], none, plan, centred)),
                plan.rope(),
                plan.windowed(),
                (float) plan.scoreScale());
    }

    private Linear linear(List<PackedMatrix> matrices, DecoderWeights weights, int place) {
        return new Linear(matrices.get(place), Floats.of(torch, weights.biases()[place]));
    }

    private List<PackedMatrix> pack(Team team, List<NDArray> tensors) {
        long numbers = tensors.stream()
                .mapToLong(tensor -> PackedMatrix.numbers(type, rows(tensor), columns(tensor)))
                .sum();
        WeightMemory memory = new WeightMemory(type, numbers);
        return tensors.stream().map(tensor -> pack(team, tensor, memory)).toList();
    }

    private PackedMatrix pack(Team team, NDArray tensor, WeightMemory memory) {
        int inputs = columns(tensor);
        PackedMatrix matrix = PackedMatrix.zeros(type, rows(tensor), inputs, memory);
        try (Scope scope = torch.scope()) {
            NDArray wide = torch.kernels().tensors().toType(scope, tensor, Precision.FLOAT32.code());
            List<FloatBuffer> blocks = new ArrayList<>();
            for (int first = 0; first < rows(tensor); first += BLOCK) {
                NDArray rows =
                        torch.kernels().tensors().rowView(scope, wide, first, Math.min(BLOCK, rows(tensor) - first));
                blocks.add(
                        rows.toByteBuffer(true).order(ByteOrder.nativeOrder()).asFloatBuffer());
            }
            team.run((part, parts, thread) -> matrix.fill(
                    (output, target) -> blocks.get(output / BLOCK).get(output % BLOCK * inputs, target, 0, inputs),
                    part,
                    parts));
        }
        return matrix;
    }

    private static int rows(NDArray matrix) {
        return (int) matrix.getShape().get(0);
    }

    private static int columns(NDArray matrix) {
        return (int) matrix.getShape().get(1);
    }

    private Norm norm(NDArray weight, NDArray shift, KernelPlan plan, boolean centred) {
        float[] weights = Floats.of(torch, weight);
        if (plan.normKind() == 2) {
            for (int i = 0; i < weights.length; i++) {
                weights[i] += 1;
            }
        }
        return new Norm(weights, centred ? Floats.of(torch, shift) : new float[0], centred, plan.normEpsilon());
    }

    private List<RotaryTable> tables(NDArray[] tables) {
        List<RotaryTable> out = new ArrayList<>();
        for (int i = 0; i < tables.length; i += 2) {
            out.add(new RotaryTable(Floats.of(torch, tables[i]), Floats.of(torch, tables[i + 1]), (int)
                    tables[i].getShape().get(1)));
        }
        return out;
    }
}
