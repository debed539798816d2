package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.config.RopeTable;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A decoder-only transformer without its head: embeddings, layers and the final norm over packed batches, and their
 * hand-written derivative.
 *
 * <p>Shapes: n rows of a batch, d hidden size, m sources.
 */
public final class Decoder {
    /** Attention probabilities are kept for the backward pass up to this many bytes, else computed again. */
    private static final long KEPT_PROBABILITY_BYTES = 512L << 20;

    /** Positions whose angles are computed at once; the table doubles when a sequence is longer. */
    private static final int FIRST_POSITIONS = 1024;

    private final Torch torch;
    private final DecoderConfig config;
    private final Parameters parameters;
    private final Parameter embedding;
    private final Parameter finalNorm;
    private final List<LayerWeights> layers = new ArrayList<>();
    private final NDArray none;
    private RopeTable rope;

    /** Declares the trunk's tensors in {@code parameters}, prefixed with {@code model.}. */
    Decoder(DecoderConfig config, Parameters parameters, Scope owner) {
        this.torch = parameters.torch();
        this.config = config;
        this.parameters = parameters;
        this.none = owner.zeros(0);
        this.rope = RopeTable.of(config.rope(), config.headDim(), FIRST_POSITIONS);
        this.embedding = parameters.add("model.embed_tokens.weight", config.vocabSize(), config.hiddenSize());
        LayerShape shape = LayerShape.of(config);
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new LayerWeights(parameters, shape, "model.layers." + i + ".", none));
        }
        this.finalNorm = parameters.add("model.norm.weight", config.hiddenSize());
    }

    /** What the forward pass left for the backward pass; closing it frees everything. */
    final class Activations implements AutoCloseable {
        private final Scope scope;
        private final Scope[] layerScopes;
        private final NDArray[][] kept;
        private final PackedInputs inputs;
        private NDArray[] output = {};

        private Activations(Scope scope, PackedInputs inputs) {
            this.scope = scope;
            this.inputs = inputs;
            this.layerScopes = new Scope[layers.size()];
            this.kept = new NDArray[layers.size()][];
        }

        /** Normed hidden states of the sources in the compute type, {@code [m, d]}. */
        NDArray hidden() {
            return output[2];
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    /**
     * Runs the trunk.
     *
     * @param keep whether {@link #backward} will follow
     */
    Activations forward(PackedBatch batch, boolean keep) {
        Kernels kernels = torch.kernels();
        Scope scope = torch.scope();
        Activations a = new Activations(scope, PackedInputs.of(scope, this, batch));
        PackedInputs in = a.inputs;
        boolean keepProbabilities = keep && 4 * in.scores() * layers.size() <= KEPT_PROBABILITY_BYTES;
        Scope carrier = scope.sub();
        NDArray x = kernels.call(carrier, "embed", in.ids(), embedding.compute());
        for (int i = 0; i < layers.size(); i++) {
            LayerWeights layer = layers.get(i);
            Scope own = scope.sub();
            NDArray[] out = kernels.callMany(
                    own,
                    "layer_forward",
                    x,
                    layer.projections(),
                    layer.biases(),
                    layer.norms(),
                    in.tables(),
                    in.segments(),
                    in.masks(),
                    plan(),
                    numbers(),
                    keep,
                    keepProbabilities);
            carrier.close();
            carrier = scope.sub();
            x = carrier.keep(out[0]);
            if (keep) {
                a.layerScopes[i] = own;
                a.kept[i] = Arrays.copyOfRange(out, 1, out.length);
            } else {
                own.close();
            }
        }
        a.output = kernels.callMany(
                scope,
                "output_forward",
                x,
                in.sources(),
                finalNorm.compute(),
                config.rmsNormEps(),
                parameters.precision().code());
        carrier.close();
        return a;
    }

    /**
     * Accumulates the trunk's gradients. Each layer's activations are freed as soon as they have been used.
     *
     * @param dHidden float32 {@code [m, d]}: gradient of {@link Activations#hidden}
     * @param first whether gradients are overwritten instead of added to
     * @param firstEmbedding the same for the embedding, which a tied head may have written already
     */
    void backward(Activations a, NDArray dHidden, boolean first, boolean firstEmbedding) {
        Kernels kernels = torch.kernels();
        PackedInputs in = a.inputs;
        Scope carrier = a.scope.sub();
        NDArray dx = kernels.call(
                carrier,
                "output_backward",
                dHidden,
                a.output[0],
                a.output[1],
                finalNorm.compute(),
                finalNorm.gradient(),
                first,
                in.sources(),
                in.ids().size());
        for (int i = layers.size() - 1; i >= 0; i--) {
            LayerWeights layer = layers.get(i);
            Scope next = a.scope.sub();
            dx = kernels.call(
                    next,
                    "layer_backward",
                    dx,
                    a.kept[i],
                    layer.projections(),
                    layer.norms(),
                    layer.projectionGradients(),
                    layer.biasGradients(),
                    layer.normGradients(),
                    first,
                    in.tables(),
                    in.segments(),
                    in.masks(),
                    plan(),
                    numbers());
            a.layerScopes[i].close();
            carrier.close();
            carrier = next;
        }
        kernels.run("embed_backward", dx, in.ids(), embedding.gradient(), firstEmbedding);
        carrier.close();
    }

    NDArray[] angles(Scope scope, int[] positions) {
        int last = Arrays.stream(positions).max().orElse(0);
        if (last >= rope.positions()) {
            rope = RopeTable.of(config.rope(), config.headDim(), Integer.highestOneBit(last) * 2);
        }
        int half = rope.angles();
        float[] cos = new float[positions.length * half];
        float[] sin = new float[cos.length];
        for (int i = 0; i < positions.length; i++) {
            System.arraycopy(rope.cos(), positions[i] * half, cos, i * half, half);
            System.arraycopy(rope.sin(), positions[i] * half, sin, i * half, half);
        }
        return new NDArray[] {scope.floats(cos, positions.length, 1, half), scope.floats(sin, positions.length, 1, half)
        };
    }

    /** What kernels know of a layer, in whole numbers. */
    long[] plan() {
        return new long[] {config.heads(), config.kvHeads()};
    }

    /** And in fractions. */
    double[] numbers() {
        return new double[] {1 / Math.sqrt(config.headDim()), config.rmsNormEps()};
    }

    int heads() {
        return config.heads();
    }

    int group() {
        return config.heads() / config.kvHeads();
    }

    /** Sliding window in tokens, 0 for none. */
    int window() {
        return 0;
    }

    Torch torch() {
        return torch;
    }

    /** The model's sizes. */
    public DecoderConfig config() {
        return config;
    }

    /** Token embeddings, {@code [vocabulary, d]}. */
    Parameter embedding() {
        return embedding;
    }

    /** All weights, those of the head included. */
    public Parameters parameters() {
        return parameters;
    }

    List<LayerWeights> layers() {
        return layers;
    }

    /** Weight and shift of the final norm. */
    List<NDArray> finalNorm() {
        return List.of(finalNorm.compute(), none);
    }
}
