package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.decoder.KernelPlan;
import ai.preceptor.lm.decoder.RotaryAngles;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/** The kernels of generation, called with one model's weights. */
final class DecodeKernels {
    /** How the kernels' last parameters, a model, are called. */
    private static final String[] MODEL = {"embeddings", "w", "b", "norms", "tables", "plan", "numbers"};

    private final Kernels kernels;
    private final DecoderWeights weights;
    private final NDArray[] embeddings;
    private final NDArray[] matrices;
    private final NDArray[] biases;
    private final NDArray[] norms;
    private final NDArray[] tables;
    private final KernelPlan plan;
    private final RowWidths widths;

    /**
     * @param matrices as generation multiplies with them
     * @param owner of the rotary tables
     * @param positions how many positions they cover
     * @param widths rows that matrix products may have
     */
    DecodeKernels(DecoderWeights weights, NDArray[] matrices, Scope owner, int positions, RowWidths widths) {
        this.matrices = matrices.clone();
        this.widths = widths;
        this.kernels = weights.torch().kernels();
        kernels.require("prefill", List.of("ids", "positions", "ends", "bounds", "pieces"), MODEL);
        kernels.require(
                "first_tokens", List.of("hidden", "width", "head", "cap", "bits", "settings", "edits", "flags"));
        kernels.require(
                "decode_step", List.of("state", "counts", "settings", "edits", "flags", "keys", "values"), MODEL);
        this.weights = weights;
        this.embeddings = weights.embeddings().toArray(new NDArray[0]);
        this.biases = weights.biases().toArray(new NDArray[0]);
        this.norms = weights.norms().toArray(new NDArray[0]);
        this.tables = new RotaryAngles(weights.config()).growing(owner, positions);
        this.plan = weights.plan();
    }

    /** Rows that matrix products may have. */
    RowWidths widths() {
        return widths;
    }

    /** Keys, values and last hidden states of packed prompts, see {@link Prefill}. */
    NDArray[] prefill(Scope out, int[] ids, int[] positions, long[] ends, long[] bounds, long[] pieces) {
        return kernels.callMany(
                out,
                "prefill",
                out.indices(ids),
                out.indices(positions),
                ends,
                bounds,
                pieces,
                embeddings,
                matrices,
                biases,
                norms,
                tables,
                plan.plan(),
                plan.numbers());
    }

    /**
     * Draws the first tokens of samples whose prompts are prefilled.
     *
     * @return a column per sample, see {@code next_tokens}
     */
    NDArray first(Scope out, List<Sample> samples) {
        RowSettings settings = RowSettings.of(out, samples);
        NDArray[] hidden = samples.stream().map(s -> s.prompt().hidden()).toArray(NDArray[]::new);
        long[] bits = samples.stream().mapToLong(Sample::nextBits).toArray();
        return kernels.call(
                out,
                "first_tokens",
                hidden,
                widths.of(samples.size()),
                matrices[matrices.length - 1],
                plan.numbers()[2],
                out.longs(bits),
                settings.table(),
                LogitEdits.of(out, samples, settings.edited(), columns()),
                settings.flags());
    }

    /**
     * Feeds each row its last token and draws the next.
     *
     * @return a column per row, see {@code next_tokens}
     */
    NDArray step(Scope out, List<Sample> rows, KvStore store, RowSettings settings) {
        StepPlan step = new StepPlan(rows, store, widths.of(rows.size()));
        return kernels.call(
                out,
                "decode_step",
                out.longs(step.state()),
                step.counts(),
                settings.table(),
                LogitEdits.of(out, rows, settings.edited(), columns()),
                settings.flags(),
                store.keys(),
                store.values(),
                embeddings,
                matrices,
                biases,
                norms,
                tables,
                plan.plan(),
                plan.numbers());
    }

    /** Logits of a row: the vocabulary filled up to a multiple of 16. */
    private long columns() {
        long vocabulary = weights.head().getShape().get(0);
        return (vocabulary + 15) / 16 * 16;
    }
}
