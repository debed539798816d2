package ai.preceptor.formats.gguf;

import ai.preceptor.data.DataException;

/**
 * Maps a checkpoint's row to its position in a file.
 *
 * @param headRows d, or 0 where rows lie as in the checkpoint
 */
record RowOrder(long headRows) {
    static RowOrder of(GgufFile file, GgufArchitecture architecture, GgufTensor tensor) {
        boolean query = tensor.name().matches("blk\\.\\d+\\.attn_q\\.(weight|bias)");
        boolean key = tensor.name().matches("blk\\.\\d+\\.attn_k\\.(weight|bias)");
        if (!architecture.interleaved() || !(query || key)) {
            return new RowOrder(0);
        }
        String prefix = architecture.label() + ".attention.head_count";
        long heads = file.metadata().whole(prefix).orElse(0);
        if (key) {
            heads = file.metadata().whole(prefix + "_kv").orElse(heads);
        }
        long rows = tensor.dimensions().get(0);
        if (heads < 1 || rows % heads != 0 || rows / heads % 2 != 0) {
            throw DataException.in(
                    file.path(),
                    "tensor \"" + tensor.name() + "\": expected an even number of rows for each of " + heads
                            + " heads (metadata " + prefix + "), found " + rows + " rows");
        }
        if (tensor.dimensions().size() == 1 && !tensor.type().plain()) {
            throw DataException.in(
                    file.path(), "tensor \"" + tensor.name() + "\": expected a bias as it is, found " + tensor.type());
        }
        return new RowOrder(rows / heads);
    }

    boolean asStored() {
        return headRows == 0;
    }

    long stored(long row) {
        if (headRows == 0) {
            return row;
        }
        long inHead = row % headRows;
        return row - inHead + 2 * (inHead % (headRows / 2)) + inHead / (headRows / 2);
    }
}
