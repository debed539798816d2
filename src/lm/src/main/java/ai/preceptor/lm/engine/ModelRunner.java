package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.engine.store.TensorBlocks;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.List;

/** Runs one model on prompts and on the rows of a step. */
final class ModelRunner implements StepRunner {
    private final DecodeKernels kernels;
    private final DecodeKernels.Model model;
    private final RowWidths widths;
    private final TensorBlocks memory;
    private final int leastUnits;
    private final long columns;

    /**
     * @param widths rows that matrix products may have
     * @param memory of keys and values
     */
    ModelRunner(Torch torch, DecodeKernels.Model model, RowWidths widths, TensorBlocks memory, DecoderConfig config) {
        this.kernels = torch.kernels().decode();
        this.model = model;
        this.widths = widths;
        this.memory = memory;
        this.leastUnits = leastUnits(config);
        this.columns = (config.vocabSize() + 15L) / 16 * 16;
    }

    /**
     * Fewest units of attention in a batch. PyTorch computes a batch of 16-bit products of no more than 16 x 16 x 16
     * multiplications by other code, which rounds differently.
     */
    static int leastUnits(DecoderConfig config) {
        return 1 + 16 * 16 * 16 / (config.heads() * config.headDim() * KvStore.COLUMNS);
    }

    @Override
    public int mostRows() {
        return widths.most();
    }

    @Override
    public RowWidths widths() {
        return widths;
    }

    @Override
    public NDArray[] prefill(Scope out, DecodeKernels.Prompts prompts) {
        return kernels.prefill(out, prompts, model);
    }

    @Override
    public DrawnTokens first(Scope out, List<Sample> samples) {
        RowSettings settings = RowSettings.of(samples);
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

    @Override
    public DrawnTokens step(Scope out, List<Sample> rows, KvStore store, RowSettings settings) {
        StepPlan step = new StepPlan(rows, store, widths.of(rows.size()), leastUnits);
        return drawn(
                rows.size(),
                kernels.decodeStep(
                        out,
                        out.longs(step.state()),
                        step.counts(),
                        sampling(out, rows, settings),
                        memory.cache(),
                        model));
    }

    private DrawnTokens drawn(int rows, NDArray[] out) {
        long[] kept = out.length > 1 ? out[1].toLongArray() : new long[0];
        return new DrawnTokens(rows, out[0].toDoubleArray(), kept, columns);
    }

    private DecodeKernels.Sampling sampling(Scope out, List<Sample> rows, RowSettings settings) {
        return settings.with(out, LogitEdits.of(out, rows, settings.edited(), columns));
    }
}
