package ai.preceptor.lm.generate;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/**
 * Sampling settings of the rows of a step, as the kernel takes them. Rows may differ; a greedy row among random ones keeps
 * one token and draws 0.
 *
 * @param table float32 {@code [rows, 4]}: 1 / temperature, k or 0, p, log of min-p or minus infinity
 * @param random whether any row is random
 * @param heated whether any temperature is not 1
 * @param filtered whether any row cuts anything off
 * @param largestK largest k
 * @param nucleus whether any row has top-p
 */
record RowSettings(NDArray table, boolean random, boolean heated, boolean filtered, int largestK, boolean nucleus) {

    static RowSettings of(Scope owner, List<Sample> samples) {
        float[] table = new float[4 * samples.size()];
        boolean random = false;
        boolean heated = false;
        boolean filtered = false;
        boolean nucleus = false;
        int largestK = 0;
        for (int row = 0; row < samples.size(); row++) {
            SamplingOptions options = samples.get(row).options();
            boolean greedy = options.isGreedy();
            int k = greedy ? 1 : options.topK();
            double p = greedy ? 1 : options.topP();
            double minP = greedy ? 0 : options.minP();
            double temperature = greedy ? 1 : options.temperature();
            table[4 * row] = (float) (1 / temperature);
            table[4 * row + 1] = k;
            table[4 * row + 2] = (float) p;
            table[4 * row + 3] = (float) Math.log(minP);
            random |= !greedy;
            heated |= temperature != 1;
            filtered |= k > 0 || p < 1 || minP > 0;
            nucleus |= p < 1;
            largestK = Math.max(largestK, k);
        }
        return new RowSettings(owner.floats(table, samples.size(), 4), random, heated, filtered, largestK, nucleus);
    }
}
