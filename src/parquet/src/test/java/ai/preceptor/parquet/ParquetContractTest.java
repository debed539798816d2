package ai.preceptor.parquet;

import ai.preceptor.data.source.RowFileFormat;
import ai.preceptor.data.source.RowFileFormatContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ParquetContractTest extends RowFileFormatContract {
    @Override
    protected RowFileFormat format() {
        return new ParquetFormat();
    }

    @Override
    protected Path twoRows(Path directory) throws IOException {
        Path lines = Files.writeString(
                directory.resolve("lines.jsonl"),
                "{\"prompt\": \"a\\nb\", \"n\": 1}\n{\"prompt\": \"ü\", \"n\": null}\n");
        Path file = directory.resolve("rows.parquet");
        ParquetExport.write(lines, file);
        Files.delete(lines);
        return file;
    }
}
