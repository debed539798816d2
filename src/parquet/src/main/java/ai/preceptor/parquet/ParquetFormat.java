package ai.preceptor.parquet;

import ai.preceptor.data.DataException;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowFileFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Parquet (format 2.11): all encodings of parquet-java 1.15; pages uncompressed or packed with snappy, gzip, zstd or lz4_raw;
 * lists of three levels and of the older two. {@link GroupJson} says what values become in JSON.
 */
public final class ParquetFormat implements RowFileFormat {
    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";

    @Override
    public String name() {
        return "Parquet";
    }

    @Override
    public List<String> extensions() {
        return List.of("parquet");
    }

    @Override
    public boolean recognizes(byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        return text.startsWith(MAGIC) || text.startsWith(ENCRYPTED);
    }

    /** @throws DataException as declared, also for an encrypted file and for a codec that is not read here */
    @Override
    public RowCursor open(Path file) {
        return ParquetCursor.open(file);
    }

    /** As its footer says. */
    @Override
    public OptionalLong rows(Path file) {
        try (ParquetCursor cursor = ParquetCursor.open(file)) {
            return OptionalLong.of(cursor.rows());
        }
    }
}
