package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.Angles;
import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.KernelPlan;
import ai.preceptor.lm.torch.Kernels;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/** The kernels of generation, called with one model's weights. */
final class DecodeKernels {
    private final Kernels kernels;
    private final DecoderWeights weights;
    private final NDArray[] embeddings;
    private final NDArray[] projections;
    private final NDArray[] biases;
    private final NDArray[] norms;
    private final NDArray[] tables;
    private final KernelPlan plan;

    /**
     * @param owner of the rotary tables
     * @param positions how many positions they cover
     */
    DecodeKernels(DecoderWeights weights, Scope owner, int positions) {
        this.kernels = weights.torch().kernels();
        this.weights = weights;
        this.embeddings = weights.embeddings().toArray(new NDArray[0]);
        this.projections = weights.projections().toArray(new NDArray[0]);
        this.biases = weights.biases().toArray(new NDArray[0]);
        this.norms = weights.norms().toArray(new NDArray[0]);
        this.tables = new Angles(weights.config()).growing(owner, positions);
        this.plan = weights.plan();
    }

    /** Keys, values and last hidden states of packed prompts, see {@link Prefill}. */
    NDArray[] prefill(Scope out, int[] ids, int[] positions, int[] ends, long[] bounds) {
        return kernels.callMany(
                out,
                "prefill",
                out.indices(ids),
                out.indices(positions),
                out.indices(ends),
                bounds,
                embeddings,
                projections,
                biases,
                norms,
                tables,
                plan.plan(),
                plan.numbers());
    }

    /**
     * Draws the first tokens of samples whose prompts are in one prefill.
     *
     * @param hidden hidden states of the prefill's prompts
     * @return float64 {@code [2, samples]}: ids, log-probabilities
     */
    NDArray first(Scope out, NDArray hidden, List<Sample> samples, RowSettings settings) {
        int[] places = samples.stream().mapToInt(s -> s.prompt().place()).toArray();
        long[] bits = samples.stream().mapToLong(Sample::nextBits).toArray();
        return kernels.call(
                out,
                "first_tokens",
                hidden,
                out.indices(places),
                weights.head(),
                plan.numbers()[2],
                out.longs(bits),
                settings.table(),
                settings.random(),
                settings.heated(),
                settings.filtered(),
                settings.largestK(),
                settings.nucleus());
    }

    /**
     * Feeds each row its last token and draws the next.
     *
     * @return float64 {@code [2, rows]}: ids, log-probabilities
     */
    NDArray step(Scope out, List<Sample> rows, RowCache cache, RowSettings settings) {
        int n = rows.size();
        long[] state = new long[3 * n];
        int[] lengths = new int[n];
        for (int row = 0; row < n; row++) {
            Sample sample = rows.get(row);
            state[row] = sample.lastToken();
            state[n + row] = sample.position();
            state[2 * n + row] = sample.nextBits();
            lengths[row] = sample.position() + 1;
        }
        return kernels.call(
                out,
                "decode_step",
                out.longs(state),
                settings.table(),
                AttentionGroups.plan(lengths),
                cache.keys(),
                cache.values(),
                embeddings,
                projections,
                biases,
                norms,
                weights.head(),
                tables,
                plan.plan(),
                plan.numbers(),
                settings.random(),
                settings.heated(),
                settings.filtered(),
                settings.largestK(),
                settings.nucleus());
    }
}
