package ai.preceptor.parquet;

import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Files that pyarrow 26.0.1 and datasets 5.2.0 wrote; {@code make.py} beside them says how. */
final class Golden {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Golden() {}

    static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(Golden.class.getResource("/parquet/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All rows as they are given. */
    static List<String> texts(Path file) throws RowException {
        List<String> texts = new ArrayList<>();
        try (RowCursor cursor = RowFiles.of(file).open()) {
            while (cursor.advance()) {
                texts.add(cursor.text());
            }
        }
        return texts;
    }

    /** All rows as JSON. */
    static List<JsonNode> rows(Path file) throws IOException, RowException {
        List<JsonNode> rows = new ArrayList<>();
        for (String text : texts(file)) {
            rows.add(MAPPER.readTree(text));
        }
        return rows;
    }
}
