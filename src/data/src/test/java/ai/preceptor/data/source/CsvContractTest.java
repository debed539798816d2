package ai.preceptor.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CsvContractTest extends RowFileFormatContract {
    @Override
    protected RowFileFormat format() {
        return new Csv();
    }

    @Override
    protected Path twoRows(Path directory) throws IOException {
        return Files.writeString(directory.resolve("rows.csv"), "prompt\n\"a\nb\"\nü\n");
    }
}
