package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.List;

/** Runs one model on prompts and on the rows of a step. */
final class ModelRunner {
    private final DecodeKernels kernels;
    private final DecodeKernels.Model model;
    private final RowWidths widths;
    private final long columns;

    /**
     * @param widths rows that matrix products may have
     * @param vocabulary logits of a row, which are filled up to a multiple of 16
     */
    ModelRunner(Torch torch, DecodeKernels.Model model, RowWidths widths, int vocabulary) {
        this.kernels = torch.kernels().decode();
        this.model = model;
        this.widths = widths;
        this.columns = (vocabulary + 15L) / 16 * 16;
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
     * @return what was drawn, in their order
     */
    DrawnTokens first(Scope out, List<Sample> samples) {
        RowSettings settings = RowSettings.of(out, samples);
        NDArray[] hidden = samples.stream().map(s -> s.prompt().hidden()).toArray(NDArray[]::new);
        NDArray bits = out.longs(samples.stream().mapToLong(Sample::nextBits).toArray());
        return drawn(
                samples.size(),
                kernels.firstTokens(
                        out,
                        hidden,
                        widths.of(samples.size()),
                        model.matrices()[model.matrices().length - 1],
                        model.plan().logitCap(),
                        bits,
                        sampling(out, samples, settings)));
    }

    /**
     * Feeds each row its last token and draws the next.
     *
     * @return what was drawn, in their order
     */
    DrawnTokens step(Scope out, List<Sample> rows, KvStore store, RowSettings settings) {
        StepPlan step = new StepPlan(rows, store, widths.of(rows.size()));
        return drawn(
                rows.size(),
                kernels.decodeStep(
                        out,
                        out.longs(step.state()),
                        step.counts(),
                        sampling(out, rows, settings),
                        store.cache(),
                        model));
    }

    private DrawnTokens drawn(int rows, NDArray[] out) {
        long[] kept = out.length > 1 ? out[1].toLongArray() : new long[0];
        return new DrawnTokens(rows, out[0].toDoubleArray(), kept, columns);
    }

    private DecodeKernels.Sampling sampling(Scope out, List<Sample> rows, RowSettings settings) {
        return settings.with(LogitEdits.of(out, rows, settings.edited(), columns));
    }
}
