package ai.preceptor.train.run;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of a checkpoint's {@code trainer_state.json}. Its last key is the checksum of the file itself, taken with
 * that key empty, so that a file in which any bit has changed is known.
 *
 * @param position where the run stands
 * @param identity key and value of everything that must be the same to resume the run: configuration and data
 * @param files the checkpoint's other files
 */
record TrainerState(Position position, Map<String, String> identity, Map<String, FileSum> files) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter WRITER =
            JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT));
    private static final String CHECKSUM = "crc32c";

    TrainerState {
        identity = Collections.unmodifiableMap(new TreeMap<>(identity));
        files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** The file. */
    byte[] text() throws IOException {
        ObjectNode state = JSON.createObjectNode();
        state.putPOJO("position", position);
        state.putPOJO("identity", identity);
        state.putPOJO("files", files);
        state.put(CHECKSUM, "");
        String checksum = FileSum.checksum(bytes(state));
        return bytes(state.put(CHECKSUM, checksum));
    }

    private static byte[] bytes(ObjectNode state) throws IOException {
        return (WRITER.writeValueAsString(state) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the file.
     *
     * @throws IOException when it is not as {@link #text} wrote it, to the bit; a file from before there were checksums,
     *     which has sizes only, is taken as it is
     */
    static TrainerState read(byte[] text) throws IOException {
        JsonNode root = JSON.readTree(text);
        Position position = JSON.treeToValue(root.path("position"), Position.class);
        if (position == null) {
            throw new IOException("has no position");
        }
        Map<String, String> identity = new TreeMap<>();
        root.path("identity")
                .properties()
                .forEach(key -> identity.put(key.getKey(), key.getValue().asText()));
        Map<String, FileSum> files = new TreeMap<>();
        for (Map.Entry<String, JsonNode> file : root.path("files").properties()) {
            files.put(file.getKey(), sum(file.getValue()));
        }
        TrainerState state = new TrainerState(position, identity, files);
        if (!state.isWithoutChecksums() && !Arrays.equals(text, state.text())) {
            throw new IOException("does not have the checksum that it names");
        }
        return state;
    }

    private static FileSum sum(JsonNode value) throws IOException {
        if (value.isIntegralNumber()) {
            return new FileSum(value.longValue(), null);
        }
        if (!value.path("bytes").isIntegralNumber() || !value.path(CHECKSUM).isTextual()) {
            throw new IOException("names a file without bytes or checksum");
        }
        return new FileSum(value.path("bytes").longValue(), value.path(CHECKSUM).textValue());
    }

    /** Whether it was written before there were checksums. */
    boolean isWithoutChecksums() {
        return !files.isEmpty() && files.values().stream().allMatch(sum -> sum.crc32c() == null);
    }
}
