package ai.preceptor.parquet;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Compares what a file's footer says with the file, before memory is taken for it. */
final class Claims {
    private static final long LARGEST_GROUP = 1L << 31;
    private static final int MOST_COLUMNS = 10_000;

    private Claims() {}

    /** @throws DataException if the footer cannot be true, or asks for more than is read here */
    static void check(Path file, long length, ParquetMetadata footer) {
        int leaves = footer.getFileMetaData().getSchema().getColumns().size();
        if (leaves > MOST_COLUMNS) {
            throw DataException.in(file, "expected at most " + MOST_COLUMNS + " columns, found " + leaves);
        }
        for (BlockMetaData block : footer.getBlocks()) {
            long bytes = 0;
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                require(file, chunk, length);
                bytes += chunk.getTotalSize();
            }
            if (block.getRowCount() < 0 || bytes > length) {
                throw DataException.in(
                        file,
                        "damaged: a row group claims " + block.getRowCount() + " rows in " + bytes
                                + " bytes, and the file has " + length);
            }
            if (bytes > LARGEST_GROUP) {
                throw DataException.in(
                        file,
                        "expected row groups of at most " + LARGEST_GROUP + " bytes, found one of " + bytes
                                + "; write the file again with smaller ones");
            }
        }
    }

    private static void require(Path file, ColumnChunkMetaData chunk, long length) {
        Set<CompressionCodecName> known = PageCodecs.READ;
        if (!known.contains(chunk.getCodec())) {
            throw DataException.in(
                    file,
                    "column " + chunk.getPath().toDotString() + ": expected pages packed with one of " + known
                            + ", found " + chunk.getCodec());
        }
        long from = chunk.getStartingPos();
        if (from < 0 || chunk.getTotalSize() < 0 || from > length - chunk.getTotalSize()) {
            throw DataException.in(
                    file,
                    "truncated or damaged: column " + chunk.getPath().toDotString() + " claims bytes " + from + " to "
                            + (from + chunk.getTotalSize()) + " of " + length);
        }
    }
}
