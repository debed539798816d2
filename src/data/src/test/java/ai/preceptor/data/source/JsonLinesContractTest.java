package ai.preceptor.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class JsonLinesContractTest extends RowFileFormatContract {
    @Override
    protected RowFileFormat format() {
        return new JsonLines();
    }

    @Override
    protected Path twoRows(Path directory) throws IOException {
        return Files.writeString(directory.resolve("rows.jsonl"), "{\"prompt\": \"a\\nb\"}\n{\"prompt\": \"ü\"}\n");
    }
}
