package ai.preceptor.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutated {@code model.safetensors.index.json}: each opens with the tensors that are there, or is refused by name. */
class IndexFuzzTest {
    private static final int MUTATIONS = 200;
    private static final int ELEMENTS = 6;
    private static final String[] PIECES = {
        "\"",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "1e999",
        "\\u0000",
        "\\ud800",
        "..",
        "/",
        "\\\\",
        "\n",
        "x",
        "é",
        "a.weight",
        "model-00002-of-00003.safetensors",
        "model-00009-of-00003.safetensors",
        ".safetensors",
        "[[[[[[[["
    };

    @TempDir
    Path directory;

    private Path index;
    private byte[] original;

    @BeforeEach
    void writeShards() throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (String name : new String[] {"a.weight", "b.weight", "c.weight", "d.bias", "e.bias"}) {
            tensors.put(name, TensorData.floats(new float[ELEMENTS], 2, 3));
        }
        new CheckpointWriter(2L * ELEMENTS * 4).write(directory, tensors);
        index = directory.resolve(Checkpoint.INDEX);
        original = Files.readAllBytes(index);
        assertThat(isSound("unchanged")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void open_mutatedIndex_isSoundOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            Files.write(index, mutate(random));
            if (!isSound("seed " + seed + ", mutation " + i)) {
                refused++;
            }
        }
        assertThat(refused).as("mutants refused").isBetween(MUTATIONS / 2, MUTATIONS - 1);
    }

    /** Names that no file can have; random text seldom hits them. */
    @ParameterizedTest
    @ValueSource(strings = {"\\u0000.safetensors", "\\ud800.safetensors", "a\\nb.safetensors", "..safetensors"})
    void open_oddNameOfAShard_isRefused(String shard) throws IOException {
        Files.writeString(index, "{\"weight_map\": {\"a.weight\": \"" + shard + "\"}}");
        assertThat(isSound(shard)).isFalse();
    }

    @Test
    void open_nestedTooDeeply_isRefused() throws IOException {
        Files.writeString(index, "{\"weight_map\": " + "{\"a\":".repeat(100_000));
        assertThat(isSound("nested")).isFalse();
        Files.writeString(index, "{\"weight_map\": {\"a.weight\": \"" + "n".repeat(5_000) + ".safetensors\"}}");
        assertThat(isSound("long name")).isFalse();
    }

    private byte[] mutate(Random random) {
        int at = random.nextInt(original.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(original, at);
            case 1 -> {
                byte[] bytes = original.clone();
                bytes[at] = (byte) random.nextInt(256);
                yield bytes;
            }
            case 2 -> spliced(at, random.nextInt(4), PIECES[random.nextInt(PIECES.length)]);
            default -> {
                String text = new String(original, StandardCharsets.UTF_8);
                int digit = text.indexOf("model-0", at);
                yield digit < 0 ? Arrays.copyOf(original, at) : spliced(digit + 10, 1, "" + random.nextInt(10));
            }
        };
    }

    private byte[] spliced(int at, int cut, String piece) {
        byte[] middle = piece.getBytes(StandardCharsets.UTF_8);
        int rest = Math.min(original.length, at + cut);
        byte[] bytes = Arrays.copyOf(original, at + middle.length + original.length - rest);
        System.arraycopy(middle, 0, bytes, at, middle.length);
        System.arraycopy(original, rest, bytes, at + middle.length, original.length - rest);
        return bytes;
    }

    private boolean isSound(String which) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.names()).as(which).isNotEmpty();
            for (String name : checkpoint.names()) {
                assertThat(checkpoint.floats(name)).as(which).hasSize(ELEMENTS);
            }
            return true;
        } catch (DataException refused) {
            assertThat(refused).as(which).hasMessageStartingWith(directory.toString());
            assertThat(refused.getMessage()).as(which).hasSizeLessThan(20_000);
            return false;
        }
    }
}
