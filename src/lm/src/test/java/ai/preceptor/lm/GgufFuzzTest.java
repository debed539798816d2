package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.gguf.GgufBytes;
import ai.preceptor.formats.gguf.GgufCheckpoint;
import ai.preceptor.formats.gguf.GgufFile;
import ai.preceptor.formats.gguf.GgufTensor;
import ai.preceptor.formats.gguf.TinyGguf;
import ai.preceptor.formats.gguf.document.GgufDocuments;
import ai.preceptor.lm.weights.ModelTensors;
import ai.preceptor.testkit.Golden;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mutated files go all the way a model goes, from the header to the last number: each is read, within the file, or is
 * refused by name; none hangs, and none takes memory out of proportion to the file.
 */
class GgufFuzzTest {
    private static final int MUTATIONS = 400;
    private static final long[] ABSURD = {
        -1, 0, 1, 2, 255, 1L << 31, (1L << 32) - 1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 61) - 1, 7
    };

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void load_mutatedFile_isSoundOrRefused(long seed) {
        byte[] whole = small();
        int headerEnd = headerEnd(whole);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutant = mutate(whole, headerEnd, random);
            String which = "seed " + seed + ", mutation " + i;
            boolean sound =
                    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> isSound(mutant, which), which);
            if (!sound) {
                refused++;
            }
        }
        assertThat(refused).as("mutants refused").isBetween(MUTATIONS / 3, MUTATIONS - 1);
    }

    @Test
    void load_wholeFile_isSound() throws IOException {
        assertThat(isSound(small(), "the file itself")).isTrue();
    }

    /** Every place where a count, length or offset stands gets every absurd number. */
    @Test
    void open_absurdNumberAnywhere_takesNoMoreMemoryThanTheFile() throws IOException {
        byte[] whole = small();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        isSound(whole, "first use loads classes");
        int end = headerEnd(whole);
        Random random = new Random(9);
        for (int i = 0; i < 300; i++) {
            byte[] mutant = whole.clone();
            int at = i < 2 ? 8 + 8 * i : 4 * random.nextInt(end / 4 - 2);
            putLong(mutant, at, ABSURD[i % ABSURD.length]);
            long before = threads.getThreadAllocatedBytes(thread);
            isSound(mutant, "absurd number at " + at);
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            assertThat(allocated)
                    .as("bytes allocated for %d at %d", ABSURD[i % ABSURD.length], at)
                    .isLessThan(5_000_000 + 40L * mutant.length);
        }
    }

    /** Numbers of a split model that fit nothing, in any of its files. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void load_mutatedPart_isSoundOrRefused(long seed) throws IOException {
        List<GgufBytes> parts = TinyGguf.split(Golden.dir("models/llama"), 3);
        Path first = TinyGguf.write(parts, directory);
        assertThat(isSound(first, "all parts")).isTrue();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < MUTATIONS / 4; i++) {
            int number = random.nextInt(3);
            byte[] whole = parts.get(number).bytes();
            Path part = directory.resolve(TinyGguf.partName(number + 1, 3));
            Files.write(part, mutate(whole, Math.min(whole.length, 800), random));
            String which = "seed " + seed + ", mutation " + i + " of part " + number;
            boolean sound =
                    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> isSound(first, which), which);
            if (!sound) {
                refused++;
            }
            Files.write(part, whole);
        }
        assertThat(refused).as("mutants refused").isBetween(MUTATIONS / 16, MUTATIONS / 4 - 1);
    }

    private static byte[] small() {
        GgufBytes file = TinyGguf.vocabulary(TinyGguf.of(Golden.dir("tiny-chat")), Golden.dir("tiny-chat"), "gpt-2");
        return file.floats("tokenizer.ggml.scores", 0f, 1f)
                .bool("tokenizer.ggml.add_bos_token", false)
                .bytes();
    }

    private static int headerEnd(byte[] whole) {
        try {
            Path file = Files.createTempFile("whole", ".gguf");
            Files.write(file, whole);
            try (GgufFile gguf = GgufFile.open(file)) {
                return (int) gguf.tensors().values().stream()
                        .mapToLong(GgufTensor::offset)
                        .min()
                        .orElseThrow();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] mutate(byte[] original, int header, Random random) {
        byte[] bytes = original.clone();
        // Half of the mutations meet the parts that are small: the first keys, and the list of tensors.
        int place = random.nextBoolean()
                ? random.nextInt(600)
                : random.nextBoolean() ? Math.max(0, header - 1 - random.nextInt(1200)) : random.nextInt(header);
        switch (random.nextInt(7)) {
            case 0 -> bytes[place] = (byte) random.nextInt(256);
            case 1 -> {
                for (int n = 1 + random.nextInt(4); n > 0; n--) {
                    bytes[random.nextInt(header)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(200));
            case 4 -> putLong(bytes, Math.min(place, header - 8), ABSURD[random.nextInt(ABSURD.length)]);
            case 5 ->
                System.arraycopy(
                        original,
                        random.nextInt(header - 64),
                        bytes,
                        Math.min(place, header - 64),
                        1 + random.nextInt(63));
            default ->
                putLong(
                        bytes,
                        Math.min(place, header - 8),
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(Math.min(place, header - 8))
                                + (random.nextBoolean() ? 1 : -1));
        }
        return bytes;
    }

    private static void putLong(byte[] bytes, int at, long value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    }

    private boolean isSound(byte[] mutant, String which) throws IOException {
        Path path = directory.resolve("mutant.gguf");
        Files.write(path, mutant);
        return isSound(path, which);
    }

    private boolean isSound(Path path, String which) throws IOException {
        long longest = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                longest = Math.max(longest, Files.size(file));
            }
        }
        try {
            try (GgufFile file = GgufFile.open(path)) {
                for (GgufTensor tensor : file.tensors().values()) {
                    assertThat(tensor.offset() + tensor.bytes()).as(which).isLessThanOrEqualTo(longest);
                }
                for (String name : List.of("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")) {
                    GgufDocuments.make(file, name);
                }
            }
            DecoderConfig config = DecoderConfig.read(path);
            try (GgufCheckpoint checkpoint = GgufCheckpoint.open(path)) {
                ModelTensors.of(config).compare(checkpoint).refuse();
                for (String name : checkpoint.names()) {
                    assertThat(checkpoint.floats(name)).as(which).hasSize((int)
                            checkpoint.info(name).elements());
                }
            }
            return true;
        } catch (DataException refused) {
            assertThat(refused.getMessage()).as(which).startsWith(directory.toString());
            return false;
        }
    }
}
