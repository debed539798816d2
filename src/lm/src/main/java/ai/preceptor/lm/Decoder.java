package ai.preceptor.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.preceptor.lm.config.DecoderConfig;
import ai.preceptor.lm.config.LayerStyle.NormKind;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer without its head: embeddings, layers and the final norm over packed batches, and their
 * hand-written derivative.
 *
 * <p>Shapes: n rows of a batch, d hidden size, m sources.
 */
public final class Decoder {
    /**
     * Attention probabilities are kept for the backward pass up to this many bytes. Those of later layers are computed again: it
     * bounds the peak of a step, and what it costs is lost in the noise (docs/performance.md).
     */
    private static final long KEPT_PROBABILITY_BYTES = 128L << 20;

    /** The same where weights are frozen: who trains an adapter does so to save memory. */
    private static final long KEPT_BESIDE_ADAPTER_BYTES = 16L << 20;

    private static final int TRIMMED_LAYERS = 6;

    private final Torch torch;
    private final DecoderConfig config;
    private final Parameters parameters;
    private final KernelPlan plan;
    private final Angles angles;
    private final Parameter embedding;
    private final @Nullable Parameter positions;
    private final Parameter finalNorm;
    private final @Nullable Parameter finalShift;
    private final List<LayerWeights> layers = new ArrayList<>();
    private final NDArray none;
    private final boolean checkpointing;
    private double dropout;

    /**
     * Declares the trunk's tensors in {@code parameters}.
     *
     * @param checkpointing whether a pass of training keeps only the inputs of layers
     */
    Decoder(DecoderConfig config, Parameters parameters, Scope owner, boolean checkpointing) {
        this.checkpointing = checkpointing;
        this.torch = parameters.torch();
        this.config = config;
        this.parameters = parameters;
        this.none = owner.zeros(0);
        this.plan = KernelPlan.of(config);
        this.angles = new Angles(config);
        this.embedding = parameters.add(ModelTensors.embedding(config), config.vocabSize(), config.hiddenSize());
        int learned = config.positions().learned();
        this.positions =
                learned > 0 ? parameters.add(ModelTensors.positions(config), learned, config.hiddenSize()) : null;
        for (int i = 0; i < config.layers(); i++) {
            layers.add(new LayerWeights(parameters, LayerTensors.of(config, i), none));
        }
        String norm = ModelTensors.finalNorm(config);
        this.finalNorm = parameters.add(norm + ".weight", config.hiddenSize());
        this.finalShift =
                config.style().norm() == NormKind.LAYER ? parameters.add(norm + ".bias", config.hiddenSize()) : null;
    }

    /** What the forward pass left for the backward pass; closing it frees everything. */
    final class Activations implements AutoCloseable {
        private final Scope scope;
        private final Scope[] layerScopes;
        private final NDArray[][] kept;
        private final PackedInputs inputs;
        private final Use use;
        private final long dropoutSeed;
        private final int[] layersTapped;
        private final NDArray[] taps;
        private NDArray[] output = {};
        private final long room = keptBytes();
        private long taken;
        private long wholeLayer;

        private Activations(Scope scope, PackedInputs inputs, Use use, int[] layersTapped) {
            this.layersTapped = layersTapped;
            this.taps = new NDArray[layersTapped.length];
            this.scope = scope;
            this.inputs = inputs;
            this.use = use;
            this.dropoutSeed = use.keeps() ? parameters.nextDropoutSeed() : 0;
            this.layerScopes = new Scope[layers.size()];
            this.kept = new NDArray[layers.size()][];
        }

        /** Whether a layer may keep more than its input {@code x}, which all after it keep too. */
        private boolean hasRoom(int layer, NDArray x) {
            return taken + wholeLayer + (layers.size() - 1 - layer) * bytes(x) <= room;
        }

        private void keep(int layer, Scope own, NDArray[] needed) {
            layerScopes[layer] = own;
            kept[layer] = needed;
            long bytes = bytes(needed);
            taken += bytes;
            wholeLayer = Math.max(wholeLayer, bytes);
        }

        /** Output of a tapped layer at the sources, before any later norm, float32 {@code [m, d]}. */
        NDArray tap(int index) {
            return taps[index];
        }

        /** Normed hidden states of the sources as the forward pass computes, {@code [m, d]}. */
        NDArray hidden() {
            return output[2];
        }

        /** The same in the element type of the other products. */
        NDArray rounded() {
            return parameters.forwardPrecision() == parameters.precision()
                    ? hidden()
                    : torch.kernels()
                            .call(
                                    scope,
                                    "to_type",
                                    hidden(),
                                    parameters.precision().code());
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    /**
     * Bytes of activations that a pass keeps. Layers beyond them are computed again on the way back: beside an adapter, which
     * needs little else, activations are most of the memory.
     */
    private long keptBytes() {
        return parameters.hasAdapter()
                ? parameters.count() * parameters.precision().bytes() * 4 / 3
                : Long.MAX_VALUE;
    }

    /** Gives back what tensors of a moment left between those that stay, at every few layers: at each it costs time. */
    private void trimAt(int layer) {
        if (parameters.hasAdapter() && layer % TRIMMED_LAYERS == 0) {
            torch.trim();
        }
    }

    private long bytes(NDArray... tensors) {
        // DJL knows no bfloat16.
        return Arrays.stream(tensors)
                .mapToLong(one -> one.size()
                        * (one.getDataType() == DataType.FLOAT32 ? Precision.FLOAT32 : parameters.precision()).bytes())
                .sum();
    }

    /**
     * Runs the trunk; {@link #backward} may follow a pass of training.
     *
     * @param taps layers, counted from 1, whose output is wanted too
     */
    Activations forward(PackedBatch batch, Use use, int... taps) {
        Kernels kernels = torch.kernels();
        Scope scope = torch.scope();
        Activations a = new Activations(scope, PackedInputs.of(scope, this, batch), use, taps);
        boolean keep = use.keeps() && !checkpointing;
        long limit = parameters.hasAdapter() ? KEPT_BESIDE_ADAPTER_BYTES : KEPT_PROBABILITY_BYTES;
        Scope carrier = scope.sub();
        NDArray x = kernels.call(
                carrier, "embed", a.inputs.ids(), a.inputs.positions(), forwardEmbeddings(use), plan.numbers()[1]);
        for (int i = 0; i < layers.size(); i++) {
            Scope own = scope.sub();
            boolean whole = keep && a.hasRoom(i, x);
            if (use.keeps()) {
                trimAt(i);
            }
            NDArray[] out = layerForward(own, a, i, x, whole, 4 * a.inputs.scores() * (i + 1) <= limit);
            if (use.keeps()) {
                a.keep(i, own, whole ? Arrays.copyOfRange(out, 1, out.length) : new NDArray[] {own.keep(x)});
            }
            carrier.close();
            carrier = scope.sub();
            x = carrier.keep(out[0]);
            for (int tap = 0; tap < taps.length; tap++) {
                if (taps[tap] == i + 1) {
                    a.taps[tap] = kernels.call(scope, "tap_rows", x, sourcesAfter(a, i));
                }
            }
            if (!use.keeps()) {
                own.close();
            }
        }
        a.output = kernels.callMany(
                scope,
                "output_forward",
                x,
                sourcesAfter(a, layers.size() - 1),
                finalNorm(use).toArray(NDArray[]::new),
                plan.normKind(),
                config.normEps(),
                parameters.forwardPrecision().code());
        carrier.close();
        return a;
    }

    private NDArray[] layerForward(
            Scope own, Activations a, int i, NDArray x, boolean keep, boolean keepProbabilities) {
        LayerWeights layer = layers.get(i);
        KernelPlan layerPlan = plan.layer(i);
        PackedInputs in = a.inputs;
        try (Scope masks = own.sub()) {
            return torch.kernels()
                    .callMany(
                            own,
                            "layer_forward",
                            x,
                            layer.forwardProjections(a.use),
                            layer.biases(a.use),
                            layer.terms().tensors(a.use, dropoutMasks(masks, a, i)),
                            layer.terms().places(a.use),
                            layer.terms().scales(a.use),
                            layer.norms(a.use),
                            in.tables(layerPlan),
                            in.segments(),
                            in.masks(layerPlan),
                            layerPlan.plan(),
                            layerPlan.numbers(),
                            rowsAfter(a, i),
                            keep,
                            keepProbabilities,
                            parameters.precision().code());
        }
    }

    /** The same masks whenever asked for in one pass: they are drawn again, not kept. */
    private NDArray[] dropoutMasks(Scope scope, Activations a, int layer) {
        LayerTerms terms = layers.get(layer).terms();
        if (a.use != Use.TRAINING || dropout == 0 || terms.all().isEmpty()) {
            return new NDArray[0];
        }
        torch.seed(a.dropoutSeed + layer);
        NDArray like = layers.get(layer).projections(a.use)[0];
        return torch.kernels()
                .callMany(scope, "dropout_masks", like, a.inputs.ids().size(), terms.widths(), dropout);
    }

    /**
     * Accumulates the trunk's gradients. Each layer's activations are freed as soon as they have been used.
     *
     * @param dHidden float32 {@code [m, d]}: gradient of {@link Activations#hidden}
     * @param first whether gradients are overwritten instead of added to
     * @param firstEmbedding the same for the embedding, which a tied head may have written already
     * @param dTaps float32 {@code [m, d]} each: gradients of {@link Activations#tap}; none, or one for each
     */
    void backward(Activations a, NDArray dHidden, boolean first, boolean firstEmbedding, NDArray... dTaps) {
        Kernels kernels = torch.kernels();
        PackedInputs in = a.inputs;
        Scope carrier = a.scope.sub();
        int last = layers.size() - 1;
        NDArray dx = kernels.call(
                carrier,
                "output_backward",
                dHidden,
                a.output[0],
                a.output[1],
                finalNorm(a.use).toArray(NDArray[]::new),
                new NDArray[] {gradient(finalNorm), gradient(finalShift)},
                first,
                sourcesAfter(a, last),
                readRowsAlone(a, last) ? in.read().size() : in.ids().size(),
                plan.normKind());
        for (int i = last; i >= 0; i--) {
            for (int tap = 0; tap < dTaps.length; tap++) {
                if (a.layersTapped[tap] == i + 1) {
                    kernels.run("tap_backward", dx, dTaps[tap], sourcesAfter(a, i));
                }
            }
            trimAt(last - i);
            Scope next = a.scope.sub();
            dx = layerBackward(next, a, i, dx, first);
            a.layerScopes[i].close();
            carrier.close();
            carrier = next;
        }
        NDArray[] gradients = positions == null
                ? new NDArray[] {gradient(embedding)}
                : new NDArray[] {gradient(embedding), gradient(positions)};
        kernels.run(
                "embed_backward",
                dx,
                in.ids(),
                in.positions(),
                gradients,
                plan.numbers()[1],
                config.frozenToken(),
                first,
                firstEmbedding);
        carrier.close();
    }

    private NDArray layerBackward(Scope next, Activations a, int i, NDArray dx, boolean first) {
        LayerWeights layer = layers.get(i);
        KernelPlan layerPlan = plan.layer(i);
        PackedInputs in = a.inputs;
        try (Scope inner = a.layerScopes[i].sub()) {
            NDArray[] kept = a.kept[i];
            if (kept.length == 1) {
                NDArray[] out = layerForward(inner, a, i, kept[0], true, 4 * in.scores() <= KEPT_PROBABILITY_BYTES);
                kept = Arrays.copyOfRange(out, 1, out.length);
            }
            return torch.kernels()
                    .call(
                            next,
                            "layer_backward",
                            dx,
                            kept,
                            layer.projections(a.use),
                            layer.terms().tensors(a.use, dropoutMasks(inner, a, i)),
                            layer.terms().places(a.use),
                            layer.terms().scales(a.use),
                            layer.norms(a.use),
                            layer.projectionGradients(),
                            layer.terms().gradients(),
                            layer.biasGradients(),
                            layer.normGradients(),
                            first,
                            in.tables(layerPlan),
                            in.segments(),
                            in.masks(layerPlan),
                            layerPlan.plan(),
                            layerPlan.numbers(),
                            rowsAfter(a, i));
        }
    }

    /** Rows that a layer has to give: nothing, which stands for all, but after the last one, of which only sources are read. */
    private NDArray rowsAfter(Activations a, int layer) {
        return readRowsAlone(a, layer) ? a.inputs.read() : none;
    }

    /** Where the sources are in what a layer gives. */
    private NDArray sourcesAfter(Activations a, int layer) {
        return readRowsAlone(a, layer) ? a.inputs.picks() : a.inputs.sources();
    }

    /**
     * Whether a layer gives the rows that are read and no others. Dropout masks are drawn for all rows, so with these all are
     * computed.
     */
    private boolean readRowsAlone(Activations a, int layer) {
        long read = a.inputs.read().size();
        return layer == layers.size() - 1
                && dropout == 0
                && read > 0
                && read < a.inputs.ids().size();
    }

    private NDArray gradient(@Nullable Parameter block) {
        return block == null ? none : block.gradientOr(none);
    }

    /** Share of inputs that adapters drop in training. */
    void dropOut(double share) {
        this.dropout = share;
    }

    /** Stands for what is not there in kernels. */
    NDArray none() {
        return none;
    }

    Angles angles() {
        return angles;
    }

    /** Tables that rows of the stream start from: of tokens and, where they are learned, of positions. */
    NDArray[] embeddings(Use use) {
        return positions == null
                ? new NDArray[] {embedding.compute(use)}
                : new NDArray[] {embedding.compute(use), positions.compute(use)};
    }

    private NDArray[] forwardEmbeddings(Use use) {
        return positions == null
                ? new NDArray[] {embedding.forward(use)}
                : new NDArray[] {embedding.forward(use), positions.forward(use)};
    }

    KernelPlan plan() {
        return plan;
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
    List<NDArray> finalNorm(Use use) {
        return List.of(finalNorm.compute(use), finalShift == null ? none : finalShift.compute(use));
    }
}
