package ai.preceptor.lm.decoder;

import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.lm.weights.Parameter;

/**
 * An adapter's addition to one linear module: {@code scale B A}.
 *
 * @param module its name in the checkpoint, without {@code .weight}
 * @param projection the module's projection in its layer, 0 to 3
 * @param firstRow where the module starts in that projection
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 */
public record LoraTerm(String module, int projection, long firstRow, Parameter a, Parameter b, double scale) {
    /** Where B of a module lies in a file: turned like the rows of the module's own matrix. */
    public static Parameter.Part partOfB(String name, Parameter.Part matrix, int rank) {
        Layout layout = matrix.layout() == Layout.TRANSPOSED ? Layout.LINEAR : matrix.layout();
        return new Parameter.Part(name, 0, new long[] {matrix.rows(), rank}, layout, matrix.heads());
    }

    long rows() {
        return b.compute().getShape().get(0);
    }

    public long width() {
        return a.compute().getShape().get(1);
    }
}
