package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.DecoderKernels;
import ai.preceptor.lm.weights.PassMode;
import java.util.ArrayList;
import java.util.List;

/** The adapter of one layer, as kernels take it (layer.kernels, project_adapted). */
final class LoraTerms {
    /** Where a term belongs: projection, first row, rows. */
    private static final int PLACE = 3;

    private final NDArray none;
    private final List<LoraTerm> terms = new ArrayList<>();

    /** @param none an empty tensor that stands for an absent mask */
    LoraTerms(NDArray none) {
        this.none = none;
    }

    void add(LoraTerm term) {
        terms.add(term);
    }

    List<LoraTerm> all() {
        return terms;
    }

    /** As a pass computes with it; there are as many masks as terms, or none. */
    DecoderKernels.Adapter forKernels(PassMode use, NDArray[] masks) {
        if (use == PassMode.REFERENCE
                && terms.stream().noneMatch(term -> term.b().hasReference())) {
            return new DecoderKernels.Adapter(new NDArray[0], new long[0], new double[0]);
        }
        NDArray[] all = new NDArray[3 * terms.size()];
        long[] places = new long[PLACE * terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            LoraTerm term = terms.get(i);
            all[3 * i] = term.a().compute(use);
            all[3 * i + 1] = term.b().compute(use);
            all[3 * i + 2] = masks.length == 0 ? none : masks[i];
            places[PLACE * i] = term.projection();
            places[PLACE * i + 1] = term.firstRow();
            places[PLACE * i + 2] = term.rows();
        }
        double[] scales = terms.stream().mapToDouble(LoraTerm::scale).toArray();
        return new DecoderKernels.Adapter(all, places, scales);
    }

    /** Gradients of A and B of each. */
    NDArray[] gradients() {
        NDArray[] all = new NDArray[2 * terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            all[2 * i] = terms.get(i).a().gradient();
            all[2 * i + 1] = terms.get(i).b().gradient();
        }
        return all;
    }

    /** Widths of the inputs, which dropout masks must have. */
    long[] widths() {
        return terms.stream().mapToLong(LoraTerm::width).toArray();
    }
}
