package ai.preceptor.lm.engine;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.torch.DecodeKernels;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.vector.Drawing;
import java.util.List;

/**
 * Sampling settings of the rows of a step, as the kernel takes them. Rows may differ; a greedy row among random ones keeps
 * one token and draws 0.
 *
 * @param table float32 {@code [rows, 5]}: 1 / temperature, k or 0, p, log of min-p or minus infinity, 1 where the
 *     support is wanted else 0
 * @param flags whether any row is random, has a temperature that is not 1, and is filtered; the largest k; whether any has
 *     top-p; how many most probable tokens any wants reported; whether any wants its support
 * @param edited whether any row's logits are changed before the temperature
 */
@SuppressWarnings("ArrayRecordComponent") // numbers, compared by nobody
record RowSettings(float[] table, long[] flags, boolean edited) {
    private static final int COLUMNS = 5;

    /**
     * As kernels take them.
     *
     * @param out owns the tensors
     * @param edits changes of single logits
     */
    DecodeKernels.Sampling with(Scope out, NDArray[] edits) {
        return new DecodeKernels.Sampling(tensor(out), edits, flags);
    }

    /** The table as kernels take it. */
    NDArray tensor(Scope out) {
        return out.floats(table, table.length / COLUMNS, COLUMNS);
    }

    /**
     * How a row's next token is drawn.
     *
     * @param row its place
     */
    Drawing drawing(int row, Sample sample) {
        int at = COLUMNS * row;
        return new Drawing(
                sample.options().settings().isGreedy(),
                table[at],
                (int) table[at + 1],
                table[at + 2],
                table[at + 3],
                sample.nextBits() * TokenDraws.UNIT,
                LogitEdits.ofRow(sample),
                table[at + 4] == 1,
                sample.prompt().handle().request().topLogprobs());
    }

    static RowSettings of(List<Sample> samples) {
        float[] table = new float[COLUMNS * samples.size()];
        long[] flags = new long[7];
        boolean edited = false;
        for (int row = 0; row < samples.size(); row++) {
            SamplingOptions options = samples.get(row).options();
            SamplingSettings settings = options.settings();
            boolean greedy = settings.isGreedy();
            int k = greedy ? 1 : settings.topK();
            double p = greedy ? 1 : settings.topP();
            double minP = greedy ? 0 : settings.minP();
            double temperature = greedy ? 1 : settings.temperature();
            table[COLUMNS * row] = SamplingFloats.inverse(temperature);
            table[COLUMNS * row + 1] = k;
            table[COLUMNS * row + 2] = SamplingFloats.share(p);
            table[COLUMNS * row + 3] = (float) Math.log(minP);
            flags[0] |= greedy ? 0 : 1;
            flags[1] |= temperature == 1 ? 0 : 1;
            boolean filtered = k > 0 || p < 1 || minP > 0;
            flags[2] |= filtered ? 1 : 0;
            flags[3] = Math.max(flags[3], k);
            flags[4] |= p < 1 ? 1 : 0;
            flags[5] = Math.max(
                    flags[5], samples.get(row).prompt().handle().request().topLogprobs());
            boolean supports = filtered
                    && !greedy
                    && samples.get(row).prompt().handle().request().supports();
            table[COLUMNS * row + 4] = supports ? 1 : 0;
            flags[6] |= supports ? 1 : 0;
            edited |= options.reshapes();
        }
        return new RowSettings(table, flags, edited);
    }
}
