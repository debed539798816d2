package ai.preceptor.track;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the lines that are added to a file of JSON lines. A line without its line feed is not there yet. A run that makes its last
 * evaluation again removes that line and adds another one: reading goes on where a line begins.
 */
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
        if (!Files.exists(file)) {
            return rows;
        }
        offset = lineStart();
        if (Files.size(file) <= offset) {
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

    /** The offset, unless the file was cut: then where the last line up to it begins. */
    private long lineStart() throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.min(offset, in.length());
            while (start > 0) {
                in.seek(start - 1);
                if (in.read() == '\n') {
                    break;
                }
                start--;
            }
            return start;
        }
    }

    private JsonNode parse(String line) throws TrackerRefusedException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new TrackerRefusedException(file + ": a line is not JSON: " + e.getOriginalMessage());
        }
    }
}
