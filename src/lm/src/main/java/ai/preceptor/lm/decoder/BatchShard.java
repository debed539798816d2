package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.DecoderKernels;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import ai.preceptor.lm.weights.Precision;
import java.util.Arrays;
import java.util.List;

/**
 * A batch, or a part of one that runs in parallel with others, during its forward and backward pass through a decoder's
 * layers.
 *
 * <p>Shapes: n rows of the part, d hidden size, m its sources.
 */
final class BatchShard {
    /**
     * Attention probabilities are kept for the backward pass up to this many bytes. Those of later layers are computed again: it
     * bounds the peak of a step, and what it costs is lost in the noise (docs/performance.md).
     */
    private static final long KEPT_PROBABILITY_BYTES = 128L << 20;

    /** The same where weights are frozen: who trains an adapter does so to save memory. */
    private static final long KEPT_BESIDE_ADAPTER_BYTES = 16L << 20;

    private static final int TRIMMED_LAYERS = 6;

    /** Where attention's probabilities begin in what a layer's forward pass gives. */
    private static final int FIRST_PROBABILITIES = 11;

    private final Decoder decoder;
    private final Parameters parameters;
    private final Torch torch;
    private final DecoderKernels kernels;
    private final Scope scope;
    private final int number;
    private final PackedInputs inputs;
    private final Pass pass;
    private final Scope[] layerScopes;
    private final NDArray[][] kept;
    private final NDArray[] taps;
    private final AttentionTap[] attention;
    private final int[] sources;
    private NDArray[] output = {};
    private long taken;
    private long wholeLayer;

    /**
     * What the shards of a pass share.
     *
     * @param longest tokens of the longest sequence of all
     * @param shards number of shards
     * @param taps what is wanted too
     */
    record Pass(PassMode use, int longest, long dropoutSeed, int shards, Taps taps) {}

    /** @param number of this shard, from 0 */
    BatchShard(Decoder decoder, Scope scope, PackedBatch batch, int number, Pass pass) {
        this.decoder = decoder;
        this.parameters = decoder.parameters();
        this.torch = decoder.torch();
        this.kernels = torch.kernels().decoder();
        this.scope = scope;
        this.number = number;
        this.pass = pass;
        this.inputs = PackedInputs.of(scope, decoder, batch, pass.longest);
        int layers = decoder.layers().size();
        this.layerScopes = new Scope[layers];
        this.kept = new NDArray[layers][];
        this.taps = new NDArray[pass.taps.states().length];
        this.attention = new AttentionTap[pass.taps.attention().length];
        this.sources = batch.sources();
    }

    /** Output of a tapped layer at the sources, before any later norm, float32 {@code [m, d]}. */
    NDArray tap(int index) {
        return taps[index];
    }

    /** Attention of a tapped layer at the sources, {@code [m][keys]}. */
    float[][] attention(int index) {
        return attention[index].rows();
    }

    /** Normed hidden states of the sources as the forward pass computes, {@code [m, d]}. */
    NDArray hidden() {
        return output[2];
    }

    /** Whether a layer may keep more than its input {@code x}, which all after it keep too. */
    private boolean hasRoom(int layer, NDArray x) {
        return taken + wholeLayer + (layerScopes.length - 1 - layer) * bytes(x) <= decoder.keptBytes() / pass.shards;
    }

    private void keep(int layer, Scope own, NDArray[] needed) {
        layerScopes[layer] = own;
        kept[layer] = needed;
        long bytes = bytes(needed);
        taken += bytes;
        wholeLayer = Math.max(wholeLayer, bytes);
    }

    /** Returns memory that temporary tensors left between lasting ones, at every few layers: at each it costs time. */
    private void trimAt(int layer) {
        if (parameters.hasAdapter() && number == 0 && layer % TRIMMED_LAYERS == 0) {
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

    /** Runs the layers; {@link #backward} may follow a pass of training. */
    void forward() {
        int frozen = decoder.frozenLayers();
        long limit = (parameters.hasAdapter() ? KEPT_BESIDE_ADAPTER_BYTES : KEPT_PROBABILITY_BYTES) / pass.shards;
        Scope carrier = scope.sub();
        NDArray x = decoder.embed(carrier, inputs, pass.use);
        for (int i = 0; i < kept.length; i++) {
            Scope own = scope.sub();
            boolean keeps = pass.use.keeps() && i >= frozen;
            boolean whole = keeps && !decoder.checkpoints() && hasRoom(i, x);
            if (keeps) {
                trimAt(i);
            }
            boolean attends = attends(i);
            NDArray[] out = layerForward(
                    own, i, x, whole || attends, attends || 4 * inputs.scores() * (i - frozen + 1) <= limit);
            if (attends) {
                readAttention(i, Arrays.copyOfRange(out, FIRST_PROBABILITIES, out.length));
            }
            if (keeps) {
                keep(i, own, whole ? Arrays.copyOfRange(out, 1, out.length) : new NDArray[] {own.keep(x)});
            }
            carrier.close();
            carrier = scope.sub();
            x = carrier.keep(out[0]);
            for (int tap = 0; tap < taps.length; tap++) {
                if (pass.taps.states()[tap] == i + 1) {
                    taps[tap] = kernels.tapRows(scope, x, sourcesAfter(i));
                }
            }
            if (!keeps) {
                own.close();
            }
        }
        output = decoder.finish(scope, x, sourcesAfter(kept.length - 1), pass.use);
        carrier.close();
    }

    private boolean attends(int layer) {
        return Arrays.stream(pass.taps.attention()).anyMatch(tapped -> tapped == layer + 1);
    }

    private void readAttention(int layer, NDArray[] probabilities) {
        int group = decoder.config().heads() / decoder.config().kvHeads();
        AttentionTap read =
                new AttentionTap(inputs.segments(), sources, kernels.meanAttention(scope, probabilities, group));
        for (int tap = 0; tap < attention.length; tap++) {
            if (pass.taps.attention()[tap] == layer + 1) {
                attention[tap] = read;
            }
        }
    }

    /** Gradient of a layer's attention in its blocks; none for none. */
    private NDArray[] attentionGradient(Scope inner, int layer, List<float[][]> dAttention) {
        float[][] sum = null;
        int of = 0;
        for (int tap = 0; tap < dAttention.size(); tap++) {
            if (pass.taps.attention()[tap] == layer + 1) {
                sum = sum == null ? dAttention.get(tap) : added(sum, dAttention.get(tap));
                of = tap;
            }
        }
        return sum == null ? new NDArray[0] : attention[of].gradient(inner, sum);
    }

    private static float[][] added(float[][] a, float[][] b) {
        float[][] sum = new float[a.length][];
        for (int row = 0; row < a.length; row++) {
            sum[row] = a[row].clone();
            for (int key = 0; key < sum[row].length; key++) {
                sum[row][key] += b[row][key];
            }
        }
        return sum;
    }

    private NDArray[] layerForward(Scope own, int i, NDArray x, boolean keep, boolean keepProbabilities) {
        LayerWeights layer = decoder.layers().get(i);
        try (Scope masks = own.sub()) {
            DecoderKernels.Kept kept = new DecoderKernels.Kept(
                    keep, keepProbabilities, parameters.precision().code());
            return kernels.layerForward(own, x, layer.forwardWeights(pass.use), setting(masks, i), kept);
        }
    }

    /** What a layer computes with in both directions. */
    private DecoderKernels.Setting setting(Scope masks, int i) {
        KernelPlan plan = decoder.plan().layer(i);
        return new DecoderKernels.Setting(
                decoder.layers().get(i).terms().forKernels(pass.use, dropoutMasks(masks, i)),
                inputs.tables(plan),
                inputs.segments(plan),
                inputs.mask(plan),
                plan,
                rowsAfter(i));
    }

    /** The same masks whenever asked for in one pass: they are drawn again, not kept. */
    private NDArray[] dropoutMasks(Scope owner, int layer) {
        LoraTerms terms = decoder.layers().get(layer).terms();
        if (!decoder.drops(pass.use) || terms.all().isEmpty()) {
            return new NDArray[0];
        }
        torch.seed(pass.dropoutSeed + layer);
        NDArray like = decoder.layers().get(layer).weights(pass.use).projections()[0];
        return kernels.dropoutMasks(owner, like, inputs.ids().size(), terms.widths(), decoder.dropout());
    }

    /**
     * Accumulates the gradients of the layers and what lies around them. Each layer's activations are freed as soon as they have
     * been used.
     *
     * @param dHidden float32 {@code [m, d]}: gradient of {@link #hidden}
     * @param first whether gradients are overwritten instead of added to
     * @param firstEmbedding the same for the embedding, which a tied head may have written already
     * @param dTaps float32 {@code [m, d]} each: gradients of {@link #tap}; none, or one for each
     * @param dAttention {@code [m][keys]} each: gradients of {@link #attention}; none, or one for each
     */
    void backward(
            NDArray dHidden,
            boolean first,
            boolean firstEmbedding,
            NDArray[] dTaps,
            List<float[][]> dAttention,
            OrderedReduction turns) {
        Scope carrier = scope.sub();
        NDArray dx = outputBackward(carrier, dHidden, first || number > 0, turns);
        int last = kept.length - 1;
        int frozen = decoder.frozenLayers();
        for (int i = last; i >= frozen; i--) {
            for (int tap = 0; tap < dTaps.length; tap++) {
                if (pass.taps.states()[tap] == i + 1) {
                    kernels.tapBackward(dx, dTaps[tap], sourcesAfter(i));
                }
            }
            trimAt(last - i);
            Scope next = scope.sub();
            dx = layerBackward(next, i, dx, dAttention, first || number > 0, turns);
            layerScopes[i].close();
            carrier.close();
            carrier = next;
        }
        if (frozen == 0) {
            NDArray rows = dx;
            turns.take(
                    number,
                    () -> decoder.embedBackward(rows, inputs, first && number == 0, firstEmbedding && number == 0));
        }
        carrier.close();
    }

    private NDArray outputBackward(Scope carrier, NDArray dHidden, boolean first, OrderedReduction turns) {
        int last = kept.length - 1;
        NDArray[] gradients = decoder.finalNormGradients();
        try (Scope inner = scope.sub()) {
            NDArray[] room = turns.room(inner, number, gradients);
            NDArray dx = kernels.outputBackward(
                    carrier,
                    dHidden,
                    output[0],
                    output[1],
                    decoder.finalNorm(pass.use),
                    room,
                    first,
                    sourcesAfter(last),
                    readRowsAlone(last) ? inputs.read().size() : inputs.ids().size(),
                    decoder.plan().normKind());
            turns.add(number, new NDArray[][] {gradients}, new NDArray[][] {room});
            return dx;
        }
    }

    private NDArray layerBackward(
            Scope next, int i, NDArray dx, List<float[][]> dAttention, boolean first, OrderedReduction turns) {
        LayerWeights layer = decoder.layers().get(i);
        DecoderKernels.Gradients gradients = layer.gradients();
        try (Scope inner = layerScopes[i].sub()) {
            NDArray[] needed = kept[i];
            if (needed.length == 1) {
                boolean probabilities = 4 * inputs.scores() <= KEPT_PROBABILITY_BYTES / pass.shards;
                NDArray[] out = layerForward(inner, i, needed[0], true, probabilities);
                needed = Arrays.copyOfRange(out, 1, out.length);
            }
            DecoderKernels.Gradients written = gradients.each(own -> turns.room(inner, number, own));
            NDArray before = kernels.layerBackward(
                    next,
                    dx,
                    needed,
                    attentionGradient(inner, i, dAttention),
                    layer.weights(pass.use),
                    setting(inner, i),
                    written,
                    first);
            turns.add(number, gradients.all(), written.all());
            return before;
        }
    }

    /** Rows that a layer has to give: nothing, which stands for all, but after the last one, of which only sources are read. */
    private NDArray rowsAfter(int layer) {
        return readRowsAlone(layer) ? inputs.read() : decoder.none();
    }

    /** Where the sources are in what a layer gives. */
    private NDArray sourcesAfter(int layer) {
        return readRowsAlone(layer) ? inputs.picks() : inputs.sources();
    }

    /**
     * Whether a layer gives the rows that are read and no others. Dropout masks are drawn for all rows, so with these all are
     * computed.
     */
    private boolean readRowsAlone(int layer) {
        long read = inputs.read().size();
        return layer == kept.length - 1
                && decoder.dropout() == 0
                && read > 0
                && read < inputs.ids().size();
    }
}
