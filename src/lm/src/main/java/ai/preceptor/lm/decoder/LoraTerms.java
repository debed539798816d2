package ai.preceptor.lm.decoder;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.weights.PassMode;
import java.util.ArrayList;
import java.util.List;

/** The adapter of one layer, as kernels take it (layer.kernels, project_adapted). */
final class LoraTerms {
    /** A term in {@link #places}: projection, first row, rows. */
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

    /** Whether a pass of this use has any. */
    private boolean silent(PassMode use) {
        return use == PassMode.REFERENCE
                && terms.stream().noneMatch(term -> term.b().hasReference());
    }

    /** A, B and mask of each; there are as many masks as terms, or none. */
    NDArray[] tensors(PassMode use, NDArray[] masks) {
        if (silent(use)) {
            return new NDArray[0];
        }
        NDArray[] all = new NDArray[3 * terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            all[3 * i] = terms.get(i).a().compute(use);
            all[3 * i + 1] = terms.get(i).b().compute(use);
            all[3 * i + 2] = masks.length == 0 ? none : masks[i];
        }
        return all;
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

    /** Where each belongs. */
    long[] places(PassMode use) {
        if (silent(use)) {
            return new long[0];
        }
        long[] all = new long[PLACE * terms.size()];
        for (int i = 0; i < terms.size(); i++) {
            LoraTerm term = terms.get(i);
            all[PLACE * i] = term.projection();
            all[PLACE * i + 1] = term.firstRow();
            all[PLACE * i + 2] = term.rows();
        }
        return all;
    }

    double[] scales(PassMode use) {
        return silent(use)
                ? new double[0]
                : terms.stream().mapToDouble(LoraTerm::scale).toArray();
    }

    /** Widths of the inputs, which dropout masks must have. */
    long[] widths() {
        return terms.stream().mapToLong(LoraTerm::width).toArray();
    }
}
