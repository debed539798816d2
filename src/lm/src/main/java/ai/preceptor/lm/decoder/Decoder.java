package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle.NormKind;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.LayerTensors;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.PassMode;
import ai.preceptor.lm.weights.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer without its head: embeddings, layers and the final norm over packed batches, and their
 * hand-written derivative.
 *
 * <p>Shapes: n rows of a batch, d hidden size, m sources.
 */
public final class Decoder {
    /** Limit of buffers for a layer's gradients in shards after the first: bytes, or this fraction of the gradients. */
    private static final long SHARD_ROOM_BYTES = 64L << 20;

    private static final int SHARD_ROOM_SHARE = 8;

    private final Torch torch;
    private final DecoderConfig config;
    private final Parameters parameters;
    private final KernelPlan plan;
    private final RotaryAngles angles;
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
    public Decoder(DecoderConfig config, Parameters parameters, Scope owner, boolean checkpointing) {
        this.checkpointing = checkpointing;
        this.torch = parameters.torch();
        this.config = config;
        this.parameters = parameters;
        this.none = owner.zeros(0);
        this.plan = KernelPlan.of(config);
        this.angles = new RotaryAngles(config);
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
    public final class Activations implements AutoCloseable {
        private final Scope scope;
        private final BatchShard[] shards;
        private final NDArray[] targets;
        private final NDArray order;
        private final NDArray[] taps;
        private final NDArray hidden;

        private Activations(Scope scope, PackedBatch batch, PassMode use, Taps wanted) {
            this.scope = scope;
            List<ShardPlan> parts = ShardPlan.of(
                    batch,
                    wanted.attention().length > 0 ? 1 : mostShards(use),
                    torch.shards().most());
            long seed = use.keeps() ? parameters.nextDropoutSeed() : 0;
            BatchShard.Pass pass = new BatchShard.Pass(use, batch.longest(), seed, parts.size(), wanted);
            this.shards = new BatchShard[parts.size()];
            this.targets = new NDArray[parts.size()];
            int[] order = new int[batch.targets().length];
            int next = 0;
            for (int i = 0; i < shards.length; i++) {
                shards[i] =
                        new BatchShard(Decoder.this, scope.sub(), parts.get(i).batch(), i, pass);
                targets[i] = scope.indices(parts.get(i).targets());
                for (int target : parts.get(i).targets()) {
                    order[target] = next++;
                }
            }
            this.order = scope.indices(order);
            run(i -> shards[i].forward());
            this.hidden = joined(BatchShard::hidden);
            this.taps = new NDArray[wanted.states().length];
            for (int i = 0; i < taps.length; i++) {
                int tap = i;
                taps[i] = joined(shard -> shard.tap(tap));
            }
        }

        private void run(IntConsumer shard) {
            if (shards.length == 1) {
                shard.accept(0);
            } else {
                torch.shards().run(shards.length, shard);
            }
        }

        /** The shards' results, in the order of the batch's targets. */
        private NDArray joined(Function<BatchShard, NDArray> rows) {
            NDArray[] parts = Arrays.stream(shards).map(rows).toArray(NDArray[]::new);
            return parts.length == 1 ? parts[0] : torch.kernels().tensors().joinedRows(scope, parts, order);
        }

        private NDArray[] own(Scope owner, int shard, NDArray... rows) {
            return shards.length == 1 ? rows : torch.kernels().tensors().pickedRows(owner, rows, targets[shard]);
        }

        /**
         * Accumulates the trunk's gradients.
         *
         * @param dHidden float32 {@code [m, d]}: gradient of {@link #hidden}
         * @param first whether gradients are overwritten instead of added to
         * @param firstEmbedding the same for the embedding, which a tied head may have written already
         * @param dTaps float32 {@code [m, d]} each: gradients of {@link #tap}; none, or one for each
         */
        public void backward(NDArray dHidden, boolean first, boolean firstEmbedding, NDArray... dTaps) {
            backward(dHidden, first, firstEmbedding, dTaps, List.of());
        }

        /**
         * The same, with gradients of attention.
         *
         * @param dAttention {@code [m][keys]} each: gradients of {@link #attention}; none, or one for each
         */
        public void backward(
                NDArray dHidden, boolean first, boolean firstEmbedding, NDArray[] dTaps, List<float[][]> dAttention) {
            OrderedReduction turns = new OrderedReduction(torch.kernels().tensors(), shards.length);
            run(i -> {
                try (Scope inner = torch.scope()) {
                    NDArray dOwn = own(inner, i, dHidden)[0];
                    shards[i].backward(dOwn, first, firstEmbedding, own(inner, i, dTaps), dAttention, turns);
                } catch (RuntimeException | Error failed) {
                    turns.abandon(failed);
                    throw failed;
                }
            });
        }

        /** Output of a tapped layer at the sources, before any later norm, float32 {@code [m, d]}. */
        public NDArray tap(int index) {
            return taps[index];
        }

        /**
         * Attention of a tapped layer at the sources, {@code [m][keys]}: the mean over heads of its probabilities. Keys are a
         * source's prefix, then its own tokens, perhaps with zeros after it.
         */
        public float[][] attention(int index) {
            return shards[0].attention(index); // alone where attention is wanted
        }

        /** Normed hidden states of the sources as the forward pass computes, {@code [m, d]}. */
        public NDArray hidden() {
            return hidden;
        }

        /** The same in the element type of the other products. */
        public NDArray rounded() {
            return parameters.forwardPrecision() == parameters.precision()
                    ? hidden
                    : torch.kernels()
                            .tensors()
                            .toType(scope, hidden, parameters.precision().code());
        }

        /** Owns what belongs to the pass; closed with it. */
        public Scope scope() {
            return scope;
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    /**
     * Bytes of activations that a pass keeps. Further layers are recomputed in the backward pass: with an adapter, which
     * needs little else, activations are most of the memory.
     */
    long keptBytes() {
        return parameters.hasAdapter()
                ? parameters.count() * parameters.precision().bytes() * 4 / 3
                : Long.MAX_VALUE;
    }

    private int mostShards(PassMode use) {
        if (drops(use)) {
            return 1; // masks of all rows are drawn from one generator
        }
        int most = torch.shards().most();
        if (!use.keeps()) {
            return most;
        }
        long layer =
                layers.stream().mapToLong(LayerWeights::gradientBytes).max().orElse(0);
        long room = Math.max(SHARD_ROOM_BYTES, parameters.count() * Precision.FLOAT32.bytes() / SHARD_ROOM_SHARE);
        return (int) Math.min(most, 1 + room / Math.max(1, layer));
    }

    /**
     * Runs the trunk; {@link Activations#backward} may follow a pass of training.
     *
     * @param taps layers, counted from 1, whose output is wanted too
     */
    public Activations forward(PackedBatch batch, PassMode use, int... taps) {
        return torch.owning(scope -> new Activations(scope, batch, use, Taps.states(taps)));
    }

    /**
     * The same for what is made of the activations and owns them: where making it throws, they are freed.
     *
     * @param make closes the activations when it is closed itself
     */
    public <T> T forward(PackedBatch batch, PassMode use, Function<Activations, T> make, int... taps) {
        return forward(batch, use, make, Taps.states(taps));
    }

    /** The same with more that is wanted. Of a batch whose attention is wanted all rows run as one part. */
    public <T> T forward(PackedBatch batch, PassMode use, Function<Activations, T> make, Taps taps) {
        return torch.owning(scope -> make.apply(new Activations(scope, batch, use, taps)));
    }

    /** Rows of the stream before the first layer. */
    NDArray embed(Scope owner, PackedInputs inputs, PassMode use) {
        return torch.kernels()
                .decoder()
                .embed(
                        owner,
                        inputs.ids(),
                        inputs.positions(),
                        tables(table -> table.forward(use)),
                        plan.embeddingScale());
    }

    /** What is read of the stream after the last layer: those rows of it, their norm's statistics, and them normed. */
    NDArray[] finish(Scope owner, NDArray x, NDArray rows, PassMode use) {
        return torch.kernels()
                .decoder()
                .outputForward(
                        owner,
                        x,
                        rows,
                        finalNorm(use),
                        plan.normKind(),
                        plan.normEpsilon(),
                        parameters.forwardPrecision().code());
    }

    /** Accumulates the gradients of {@link #embeddings} from those of the rows that they gave, which it overwrites. */
    void embedBackward(NDArray dx, PackedInputs inputs, boolean first, boolean firstEmbedding) {
        NDArray[] gradients = tables(this::gradient);
        torch.kernels()
                .decoder()
                .embedBackward(
                        dx,
                        inputs.ids(),
                        inputs.positions(),
                        gradients,
                        plan.embeddingScale(),
                        config.frozenToken(),
                        first,
                        firstEmbedding);
    }

    private NDArray gradient(@Nullable Parameter block) {
        return block == null ? none : block.gradientOr(none);
    }

    /** Gradients of the final norm's weight and shift. */
    NDArray[] finalNormGradients() {
        return new NDArray[] {gradient(finalNorm), gradient(finalShift)};
    }

    /**
     * Layers at the bottom that no gradient has to reach: nothing in them or below is trained, as where an adapter is in the
     * upper layers alone. A pass keeps nothing of them, and its backward pass ends above them.
     */
    int frozenLayers() {
        if (embedding.isTrainable() || (positions != null && positions.isTrainable())) {
            return 0;
        }
        int count = 0;
        while (count < layers.size() && !layers.get(count).isTrainable()) {
            count++;
        }
        return count;
    }

    /** Whether a pass of training keeps only the inputs of layers. */
    boolean checkpoints() {
        return checkpointing;
    }

    /** Whether a pass drops inputs of adapters. */
    boolean drops(PassMode use) {
        return use == PassMode.TRAINING && dropout > 0;
    }

    /** Share of inputs that adapters drop in training. */
    double dropout() {
        return dropout;
    }

    /** Share of inputs that adapters drop in training. */
    public void dropOut(double share) {
        this.dropout = share;
    }

    /** Stands for what is not there in kernels. */
    public NDArray none() {
        return none;
    }

    RotaryAngles angles() {
        return angles;
    }

    /** Tables that rows of the stream start from: of tokens and, where they are learned, of positions. */
    NDArray[] embeddings(PassMode use) {
        return tables(table -> table.compute(use));
    }

    private NDArray[] tables(Function<Parameter, NDArray> of) {
        return positions == null
                ? new NDArray[] {of.apply(embedding)}
                : new NDArray[] {of.apply(embedding), of.apply(positions)};
    }

    /** What kernels know of the model. */
    public KernelPlan plan() {
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
    public Parameter embedding() {
        return embedding;
    }

    /** All weights, those of the head included. */
    public Parameters parameters() {
        return parameters;
    }

    public List<LayerWeights> layers() {
        return layers;
    }

    /** Weight and shift of the final norm. */
    NDArray[] finalNorm(PassMode use) {
        return new NDArray[] {finalNorm.compute(use), finalShift == null ? none : finalShift.compute(use)};
    }
}
