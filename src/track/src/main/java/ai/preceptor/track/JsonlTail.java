package ai.preceptor.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines that are added to a file of JSON lines. A line without its line feed is not there yet. */
final class JsonlTail {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private long offset;

    JsonlTail(Path file) {
        this.file = file;
    }

    /**
     * The next lines.
     *
     * @param most how many at most
     * @param mostBytes ends with the line that reaches so many bytes
     * @throws TrackerRefusedException if a line is not JSON
     */
    List<JsonNode> next(int most, long mostBytes) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        if (!Files.exists(file) || Files.size(file) <= offset) {
            return rows;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.skipNBytes(offset);
            long end = offset + mostBytes;
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0 && rows.size() < most && offset < end; b = in.read()) {
                if (b == '\n') {
                    rows.add(parse(line.toString(StandardCharsets.UTF_8)));
                    offset += line.size() + 1L;
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }
        return rows;
    }

    private JsonNode parse(String line) throws TrackerRefusedException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new TrackerRefusedException(file + ": a line is not JSON: " + e.getOriginalMessage());
        }
    }
}
