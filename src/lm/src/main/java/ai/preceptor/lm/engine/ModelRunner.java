package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.decoder.RotaryAngles;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/** Runs one model on prompts and on the rows of a step. */
final class ModelRunner {
    private final DecodeKernels kernels;
    private final DecodeKernels.Model model;
    private final RowWidths widths;
    private final long columns;

    /**
     * @param matrices as generation multiplies with them
     * @param owner of the rotary tables
     * @param positions how many positions they cover
     * @param widths rows that matrix products may have
     */
    ModelRunner(DecoderWeights weights, NDArray[] matrices, Scope owner, int positions, RowWidths widths) {
        this.kernels = weights.torch().kernels().decode();
        this.model = new DecodeKernels.Model(
                weights.embeddings().toArray(new NDArray[0]),
                matrices,
                weights.biases().toArray(new NDArray[0]),
                weights.norms().toArray(new NDArray[0]),
                new RotaryAngles(weights.config()).growing(owner, positions),
                weights.plan());
        this.widths = widths;
        // Logits of a row: the vocabulary filled up to a multiple of 16.
        this.columns = (weights.head().getShape().get(0) + 15) / 16 * 16;
    }

    /** Rows that matrix products may have. */
    RowWidths widths() {
        return widths;
    }

    /** Keys, values and last hidden states of packed prompts, see {@link Prefill}. */
    NDArray[] prefill(Scope out, DecodeKernels.Prompts prompts) {
        return kernels.prefill(out, prompts, model);
    }

    /**
     * Draws the first tokens of samples whose prompts are prefilled.
     *
     * @return a column per sample, see {@code next_tokens}
     */
    NDArray first(Scope out, List<Sample> samples) {
        RowSettings settings = RowSettings.of(out, samples);
        NDArray[] hidden = samples.stream().map(s -> s.prompt().hidden()).toArray(NDArray[]::new);
        NDArray bits = out.longs(samples.stream().mapToLong(Sample::nextBits).toArray());
        return kernels.firstTokens(
                out,
                hidden,
                widths.of(samples.size()),
                model.matrices()[model.matrices().length - 1],
                model.plan().logitCap(),
                bits,
                sampling(out, samples, settings));
    }

    /**
     * Feeds each row its last token and draws the next.
     *
     * @return a column per row, see {@code next_tokens}
     */
    NDArray step(Scope out, List<Sample> rows, KvStore store, RowSettings settings) {
        StepPlan step = new StepPlan(rows, store, widths.of(rows.size()));
        return kernels.decodeStep(
                out, out.longs(step.state()), step.counts(), sampling(out, rows, settings), store.cache(), model);
    }

    private DecodeKernels.Sampling sampling(Scope out, List<Sample> rows, RowSettings settings) {
        return settings.with(LogitEdits.of(out, rows, settings.edited(), columns));
    }
}
