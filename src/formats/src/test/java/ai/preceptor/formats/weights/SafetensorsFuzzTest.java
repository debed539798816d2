package ai.preceptor.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.DataException;
import ai.preceptor.testkit.Golden;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mutated files: each opens with sound tensors or is refused by name, and neither takes memory the file has not. */
class SafetensorsFuzzTest {
    private static final int MUTATIONS = 400;
    private static final String[] SPLICES = {
        "9223372036854775807",
        "-1",
        "1e3",
        "null",
        "[",
        "]",
        "{",
        "}",
        "\"",
        ",",
        "F64",
        "[0,0]",
        "__metadata__",
        "18446744073709551616",
        "4294967296",
        "\u0000",
        "\\ud800",
        "[[[[[[[["
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void open_mutatedFile_isSoundOrRefused(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] whole = Files.readAllBytes(Golden.file("models/llama/expected.safetensors"));
        byte[] small = shrink(whole);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutant = mutate(small, random);
            if (!isSound(mutant, "seed " + seed + ", mutation " + i)) {
                refused++;
            }
        }
        assertThat(refused).as("mutants refused").isBetween(MUTATIONS / 2, MUTATIONS - 1);
    }

    /** A file of real structure and few bytes of data, so that mutations mostly meet the header. */
    private static byte[] shrink(byte[] whole) throws IOException {
        Path small = Files.createTempFile("small", ".safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(Golden.file("models/llama/expected.safetensors"))) {
            assertThat(whole.length).isGreaterThan(100_000);
            SafetensorsWriter.write(
                    small,
                    java.util.Map.of(
                            "greedy", TensorData.of(file, "greedy"),
                            "target_logprobs", TensorData.of(file, "target_logprobs"),
                            "scalar", TensorData.floats(new float[] {1}),
                            "none", TensorData.floats(new float[0], 3, 0)),
                    SafetensorsWriter.PYTORCH);
            return Files.readAllBytes(small);
        } finally {
            Files.delete(small);
        }
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] bytes = original.clone();
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        switch (random.nextInt(6)) {
            case 0 -> bytes[random.nextInt(8)] = (byte) random.nextInt(256);
            case 1 -> {
                for (int n = 1 + random.nextInt(3); n > 0; n--) {
                    bytes[8 + random.nextInt(header)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            case 4 -> changeDigit(bytes, header, random);
            default -> bytes = splice(bytes, header, random);
        }
        return bytes;
    }

    private static void changeDigit(byte[] bytes, int header, Random random) {
        int at = 8 + random.nextInt(header);
        while (bytes[at] < '0' || bytes[at] > '9') {
            at = 8 + (at - 7) % header;
        }
        bytes[at] = (byte) ('0' + random.nextInt(10));
    }

    private static byte[] splice(byte[] bytes, int header, Random random) {
        byte[] piece = SPLICES[random.nextInt(SPLICES.length)].getBytes(StandardCharsets.UTF_8);
        int at = 8 + random.nextInt(header);
        int cut = Math.min(random.nextInt(6), 8 + header - at);
        ByteBuffer out = ByteBuffer.allocate(bytes.length + piece.length - cut).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes, 0, at).put(piece).put(bytes, at + cut, bytes.length - at - cut);
        out.putLong(0, header + piece.length - cut);
        return out.array();
    }

    private boolean isSound(byte[] mutant, String which) throws IOException {
        Path path = directory.resolve("mutant.safetensors");
        Files.write(path, mutant);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            long end = 0;
            for (String name : file.names()) {
                TensorInfo info = file.info(name);
                long product = Arrays.stream(info.shape()).reduce(1, Math::multiplyExact);
                assertThat(info.bytes())
                        .as(which)
                        .isEqualTo(product * info.dtype().size());
                assertThat(file.map(name).remaining()).as(which).isEqualTo((int) info.bytes());
                end = Math.max(end, info.offset() + info.bytes());
            }
            assertThat(end == 0 ? mutant.length : end).as(which).isEqualTo(mutant.length);
            return true;
        } catch (DataException refused) {
            assertThat(refused).as(which).hasMessageStartingWith(path + ": ");
            return false;
        }
    }

    @Test
    void open_hostileLengths_takeNoMoreMemoryThanTheFile() throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        String[] headers = {
            "{" + SafetensorsBytes.tensor("a", "F32", "[2305843009213693951]", "[0,9223372036854775804]") + "}",
            "{" + SafetensorsBytes.tensor("a", "U8", "[2147483647]", "[0,2147483647]") + "}",
            "{" + SafetensorsBytes.tensor("a", "F32", "[" + "0,".repeat(2000) + "0]", "[0,0]") + "}",
            "{\"a\":" + "[".repeat(5000),
        };
        for (String header : headers) {
            byte[] bytes = SafetensorsBytes.of(header, 0);
            isSound(bytes, header); // first use loads classes
            long before = threads.getThreadAllocatedBytes(thread);
            isSound(bytes, header);
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(allocated).as("bytes allocated for %.60s", header).isLessThan(1_000_000 + 100L * bytes.length);
        }
        byte[] claim = SafetensorsBytes.of("{}", 0);
        ByteBuffer.wrap(claim).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 99_999_999);
        isSound(claim, "claim");
        long before = threads.getThreadAllocatedBytes(thread);
        assertThat(isSound(claim, "claim")).isFalse();
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(1_000_000);
    }
}
