package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.decoder.RotaryAngles;
import ai.preceptor.lm.engine.store.BlockMemory;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.engine.store.TensorBlocks;
import ai.preceptor.lm.engine.vector.ArrayBlocks;
import ai.preceptor.lm.engine.vector.HeapNeed;
import ai.preceptor.lm.engine.vector.JavaHeap;
import ai.preceptor.lm.engine.vector.VectorModel;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.KernelPlan;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.vector.DecodeModel;
import ai.preceptor.vector.DecodeStep;
import ai.preceptor.vector.Team;
import ai.preceptor.vector.WeightType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Opens engines over one model. The widths of its matrix products are tried out once. */
final class SessionFactory {
    /** Bytes of matrices that are copied to be laid out for faster products: 2 GiB. */
    private static final long MOST_PACKED = 1L << 31;

    private final LanguageModel model;
    private final Torch torch;
    private final Function<int[], String> decode;
    private final BitSet stops = new BitSet();
    private final GenerationLimits limits;
    private final @Nullable VectorModel vector;
    /** Bytes of weights that Java has for an engine; 0 for steps by libtorch. */
    private final long packed;

    /** Of the shapes alone, so it outlives changes of the weights. Two threads may both find the same. */
    private volatile @Nullable RowWidths widths;

    SessionFactory(LanguageModel model, Function<int[], String> decode, int[] stopIds, GenerationLimits limits) {
        this.model = model;
        this.torch = model.parameters().torch();
        this.decode = decode;
        // An end without a logit is never drawn, and min_new_tokens would change another row's logits for it.
        int vocabulary = model.config().vocabSize();
        Arrays.stream(stopIds).filter(id -> id < vocabulary).forEach(stops::set);
        this.limits = limits;
        WeightType type = limits.decode().weights();
        if (type != null && !torch.device().equals("cpu")) {
            throw new ConfigurationException("rollout_dtype: expected none on " + torch.device()
                    + ", since Java computes on the processor, found " + type);
        }
        this.vector = type == null ? null : new VectorModel(torch, model.config(), type);
        this.packed = type == null ? 0 : new HeapNeed(model.config(), type).packed();
        if (vector != null) {
            vector.warmUp();
        }
    }

    /** An engine for requests to come: the store takes the whole budget. */
    DecodeEngine open(LongSupplier clock) {
        limits.requireFits(torch);
        int context = model.config().generationContext();
        return open(1, limits.blocks(blockBytes()), context, reader(context), clock, new AtomicLong());
    }

    /**
     * An engine for requests that are known: the store allocates what they need at the start, within the budget. One
     * row is always
     * allowed.
     *
     * @param steps counts what it does, see {@link Generator#steps}
     */
    DecodeEngine open(List<GenerationRequest> requests, LongSupplier clock, AtomicLong steps) {
        RequestReader reader = reader(model.config().maxPositionEmbeddings());
        long all = 0;
        int largest = 1;
        int positions = 1;
        for (int i = 0; i < requests.size(); i++) {
            GenerationRequest request = requests.get(i);
            reader.checkPrompt("prompt " + i, request.promptIds());
            int needed = reader.blocks(request);
            largest = Math.max(largest, needed);
            all += (long) needed * request.samples();
            positions = Math.max(positions, request.promptIds().length + reader.limit(request));
        }
        long rows = (long) largest * limits.maxRows();
        long budget = Math.max(largest, limits.blocks(blockBytes()));
        return open(largest, (int) Math.min(budget, Math.min(all, rows)), positions, reader, clock, steps);
    }

    private DecodeEngine open(
            int least, int blocks, int positions, RequestReader requests, LongSupplier clock, AtomicLong steps) {
        return torch.owning(scope -> {
            NDArray[] tables = new RotaryAngles(model.config()).growing(scope, positions);
            BlockMemory memory;
            StepRunner runner;
            if (vector == null) {
                DecodeKernels.Model laidOut;
                try (Scope merging = torch.scope()) {
                    laidOut = laidOut(scope, DecoderWeights.merged(model.decoder(), merging), tables, true);
                }
                TensorBlocks tensors =
                        new TensorBlocks(model, scope, Math.max(blocks, ModelRunner.leastUnits(model.config())));
                memory = tensors;
                runner = new ModelRunner(torch, laidOut, widths(laidOut), tensors, model.config());
            } else {
                DecoderWeights merged = DecoderWeights.merged(model.decoder(), scope);
                if (JavaHeap.isLarge(packed)) {
                    torch.trim(); // Java cannot use what a training step has left free
                }
                ArrayBlocks arrays = new ArrayBlocks(torch, model.config(), vector.blocks(least, blocks, packed));
                memory = arrays;
                runner = vectorRunner(vector, merged, laidOut(scope, merged, tables, false), arrays);
            }
            return new DecodeEngine(
                    scope,
                    new DecodeEngine.Setting(
                            runner,
                            new KvStore(memory),
                            requests,
                            model.parameters()::whyNotFinite,
                            clock,
                            limits.maxRows(),
                            limits.prefillTokens(),
                            steps));
        });
    }

    private StepRunner vectorRunner(
            VectorModel reader, DecoderWeights merged, DecodeKernels.Model laidOut, ArrayBlocks blocks) {
        Team team = new Team(torch.threads());
        try {
            DecodeModel read = reader.read(team, merged, model.head().compute(), laidOut.tables(), laidOut.plan());
            return new VectorRunner(torch, laidOut, widths(laidOut), new DecodeStep(read, blocks.arrays(), team), team);
        } catch (RuntimeException | Error e) {
            team.close();
            throw e;
        }
    }

    /** Gives memory of closed engines back to the system, where Java has it. */
    void returnMemory() {
        JavaHeap.shrink(packed);
    }

    private RowWidths widths(DecodeKernels.Model laidOut) {
        RowWidths known = widths;
        if (known == null) {
            known = RowWidths.probe(torch, laidOut.matrices());
            widths = known;
        }
        return known;
    }

    /**
     * The weights as they are now.
     *
     * @param mayPack whether matrices may be copied, laid out for faster products
     */
    private DecodeKernels.Model laidOut(Scope owner, DecoderWeights merged, NDArray[] tables, boolean mayPack) {
        NDArray head = model.head().compute();
        KernelPlan plan = model.decoder().plan();
        boolean pack = mayPack
                && HeapNeed.numbers(model.config())
                                * model.parameters().precision().bytes()
                        <= MOST_PACKED;
        NDArray[] matrices = torch.kernels()
                .decode()
                .decodeMatrices(owner, merged.projections(), head, plan.gated(), pack, RowWidths.REFERENCE);
        return new DecodeKernels.Model(merged.embeddings(), matrices, merged.biases(), merged.norms(), tables, plan);
    }

    private RequestReader reader(int context) {
        return new RequestReader(model.config().vocabSize(), context, blockBytes(), stops, decode);
    }

    private long blockBytes() {
        return vector == null ? TensorBlocks.blockBytes(model) : ArrayBlocks.blockBytes(model.config());
    }
}
