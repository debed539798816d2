package ai.preceptor.cli.command.inference;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.TensorInfo;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Rows of token ids as other programs write them: padded to one length, with a mask that says which tokens count.
 *
 * @param ids {@code [rows][length]}
 * @param mask {@code [rows][length]}: whether the token counts
 */
record TokenRows(int[][] ids, boolean[][] mask) {
    /**
     * Reads {@code input_ids} and {@code attention_mask}, int64 of shape {@code [rows, length]}; without a mask every
     * token counts.
     *
     * @throws DataException when the file has no such tensors, or a row masks all of its tokens
     */
    static TokenRows read(Path file) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            long[][] ids = matrix(tensors, "input_ids");
            boolean masked = tensors.names().contains("attention_mask");
            long[][] mask = masked ? matrix(tensors, "attention_mask") : ids;
            if (mask.length != ids.length || mask[0].length != ids[0].length) {
                throw DataException.in(
                        file,
                        "attention_mask: expected the shape of input_ids, found " + shape(mask) + " and " + shape(ids));
            }
            TokenRows rows = new TokenRows(new int[ids.length][], new boolean[ids.length][]);
            for (int row = 0; row < ids.length; row++) {
                rows.ids[row] =
                        Arrays.stream(ids[row]).mapToInt(Math::toIntExact).toArray();
                rows.mask[row] = new boolean[ids[row].length];
                for (int i = 0; i < ids[row].length; i++) {
                    rows.mask[row][i] = !masked || mask[row][i] != 0;
                }
                if (rows.places(row).length == 0) {
                    throw DataException.in(file, "attention_mask: row " + row + " masks all of its tokens");
                }
            }
            return rows;
        }
    }

    /**
     * Refuses ids that a model has no row for, and outputs that no array holds.
     *
     * @throws DataException naming the place
     */
    void requireFits(int vocabulary) {
        if ((long) count() * length() * vocabulary > Integer.MAX_VALUE - 8) {
            throw new DataException("input_ids: " + count() + " x " + length() + " tokens over a vocabulary of "
                    + vocabulary + " make more logits than fit; expected fewer rows at a time");
        }
        for (int row = 0; row < count(); row++) {
            for (int column : places(row)) {
                int id = ids[row][column];
                if (id < 0 || id >= vocabulary) {
                    throw new DataException("input_ids[" + row + ", " + column + "]: expected a token id in [0, "
                            + vocabulary + "), found " + id);
                }
            }
        }
    }

    int count() {
        return ids.length;
    }

    int length() {
        return ids[0].length;
    }

    /** Columns of the tokens of a row that count, in order. */
    int[] places(int row) {
        return IntStream.range(0, length()).filter(column -> mask[row][column]).toArray();
    }

    /** The tokens of a row that count. */
    int[] tokens(int row) {
        return Arrays.stream(places(row)).map(column -> ids[row][column]).toArray();
    }

    private static long[][] matrix(SafetensorsFile tensors, String name) {
        TensorInfo info = tensors.info(name);
        long[] shape = info.shape();
        if (info.dtype() != DType.I64 || shape.length != 2 || info.elements() == 0) {
            throw DataException.in(
                    tensors.path(),
                    "tensor \"" + name + "\": expected int64 [rows, length], found " + info.dtype() + " "
                            + Arrays.toString(shape));
        }
        LongBuffer values = tensors.map(name).asLongBuffer();
        long[][] rows = new long[(int) shape[0]][(int) shape[1]];
        for (long[] row : rows) {
            values.get(row);
        }
        return rows;
    }

    private static String shape(long[][] matrix) {
        return "[" + matrix.length + ", " + matrix[0].length + "]";
    }
}
