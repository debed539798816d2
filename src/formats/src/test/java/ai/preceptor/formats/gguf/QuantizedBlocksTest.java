package ai.preceptor.formats.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks against what ggml's own Python package makes of them ({@code make_blocks.py} beside the file), to the bit. */
class QuantizedBlocksTest {
    @TempDir
    Path directory;

    @Test
    void floats_randomBlocksOfEachType_areThoseOfTheReference() throws IOException {
        Set<GgufType> seen = new HashSet<>();
        for (String line : lines()) {
            JsonNode row = new ObjectMapper().readTree(line);
            GgufType type = GgufType.valueOf(row.path("type").asText());
            byte[] raw = HexFormat.of().parseHex(row.path("raw").asText());
            byte[] values = HexFormat.of().parseHex(row.path("values").asText());
            float[] expected = new float[values.length / 4];
            ByteBuffer.wrap(values)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(expected);
            Path file = new GgufBytes()
                    .text("general.architecture", "llama")
                    .tensor("token_embd.weight", type, raw, expected.length)
                    .write(directory.resolve(type + ".gguf"));
            try (GgufCheckpoint checkpoint = GgufCheckpoint.open(file)) {
                assertThat(bits(checkpoint.floats("model.embed_tokens.weight")))
                        .as("%s", type)
                        .isEqualTo(bits(expected));
            }
            seen.add(type);
        }
        assertThat(seen).hasSize(GgufType.values().length - 1); // all but F32
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static Iterable<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(QuantizedBlocksTest.class.getResourceAsStream("blocks.jsonl"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
