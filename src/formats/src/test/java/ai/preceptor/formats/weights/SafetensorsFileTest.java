package ai.preceptor.formats.weights;

import static ai.preceptor.formats.weights.SafetensorsBytes.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    private static final Path GOLDEN = Golden.file("models/llama/expected.safetensors");

    @TempDir
    Path directory;

    @Test
    void open_goldenFile_listsTensorsWithTypesAndShapes() {
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            assertThat(file.names())
                    .containsExactly(
                            "attention_mask",
                            "first_layer_out",
                            "greedy",
                            "input_ids",
                            "last_hidden",
                            "logits",
                            "position_ids",
                            "target_logprobs");
            TensorInfo logits = file.info("logits");
            assertThat(logits.dtype()).isEqualTo(DType.F32);
            assertThat(logits.shape()).containsExactly(3, 24, 512);
            assertThat(logits.bytes()).isEqualTo(3 * 24 * 512 * 4);
            assertThat(logits.elements()).isEqualTo(3 * 24 * 512);
            assertThat(file.info("greedy").dtype()).isEqualTo(DType.I64);
            assertThat(file.metadata()).isEmpty();
        }
        try (SafetensorsFile model = SafetensorsFile.open(Golden.file("models/llama/model.safetensors"))) {
            assertThat(model.metadata()).containsExactly(java.util.Map.entry("format", "pt"));
        }
    }

    @Test
    void map_tensor_isALittleEndianViewOfItsBytes() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN);
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            TensorInfo info = file.info("target_logprobs");
            ByteBuffer expected = ByteBuffer.wrap(whole, (int) info.offset(), (int) info.bytes())
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer mapped = file.map("target_logprobs");
            assertThat(mapped).isEqualTo(expected);
            assertThat(mapped.isReadOnly()).isTrue();
            assertThat(mapped.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
            assertThat(file.floats("target_logprobs")[5]).isEqualTo(expected.getFloat(20));
            assertThat(file.map("target_logprobs", 20, 4).getFloat(0)).isEqualTo(expected.getFloat(20));
        }
    }

    @Test
    void map_viewAfterClose_staysReadable() {
        ByteBuffer mapped;
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            mapped = file.map("input_ids");
        }
        assertThat(mapped.getLong(0)).isBetween(0L, 511L);
    }

    @Test
    void map_outsideTheTensor_isRefused() {
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            assertThatThrownBy(() -> file.map("target_logprobs", 0, 277)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.map("target_logprobs", -1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void info_unknownName_namesFileAndTensor() {
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            assertThatThrownBy(() -> file.info("logit"))
                    .isInstanceOf(DataException.class)
                    .hasMessage(GOLDEN + ": no tensor \"logit\" among its 8");
        }
    }

    @Test
    void floats_integers_areRefused() {
        try (SafetensorsFile file = SafetensorsFile.open(GOLDEN)) {
            assertThatThrownBy(() -> file.floats("greedy"))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith("tensor \"greedy\": expected element type F32, F16 or BF16, found I64");
        }
    }

    @Test
    void open_emptyTensorsScalarsAndNoTensors_areLegal() {
        Path file = SafetensorsBytes.write(
                directory,
                SafetensorsBytes.of(
                        "{" + tensor("none", "F32", "[0,7]", "[4,4]") + "," + tensor("one", "F32", "[]", "[0,4]") + "}",
                        4));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.map("none").remaining()).isZero();
            assertThat(opened.floats("none")).isEmpty();
            assertThat(opened.floats("one")).hasSize(1);
        }
        try (SafetensorsFile opened =
                SafetensorsFile.open(SafetensorsBytes.write(directory, SafetensorsBytes.of("{}      ", 0)))) {
            assertThat(opened.names()).isEmpty();
        }
    }

    @Test
    void open_tornAtAnyLength_isRefusedNamingTheFile() throws IOException {
        byte[] whole = SafetensorsBytes.of("{" + tensor("w", "F32", "[2,3]", "[0,24]") + "}", 24);
        for (int length = 0; length < whole.length; length++) {
            Path file = SafetensorsBytes.write(directory, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetensorsFile.open(file).close())
                    .as("the first %d of %d bytes", length, whole.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(file + ": ");
        }
        SafetensorsFile.open(SafetensorsBytes.write(directory, whole)).close();
    }

    @Test
    void open_missingFileOrDirectory_saysSo() {
        assertThatThrownBy(() -> SafetensorsFile.open(directory.resolve("x.safetensors")))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("x.safetensors: no such file");
        assertThatThrownBy(() -> SafetensorsFile.open(directory))
                .isInstanceOf(DataException.class)
                .hasMessageEndingWith("expected a safetensors file, found a directory");
    }

    static Stream<Arguments> brokenHeaders() {
        return Stream.of(
                Arguments.of("[1]", 0, "not a safetensors file: its header does not open with {"),
                Arguments.of("{\"a\":", 0, "its header is not what JSON allows there: Unexpected end-of-input"),
                Arguments.of("{} {}", 0, "something follows the header's object: START_OBJECT"),
                Arguments.of("{\"__metadata__\":{\"a\":1}}", 0, "expected a string for \"a\", found VALUE_NUMBER_INT"),
                Arguments.of("{\"a\":3}", 0, "tensor \"a\": expected an object with dtype, shape and data_offsets"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "tensor \"a\": data_offsets is missing"),
                Arguments.of(
                        "{" + tensor("a", "F31", "[1]", "[0,4]") + "}", 4, "tensor \"a\": dtype: expected one of BOOL"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[-1]", "[0,4]") + "}",
                        4,
                        "shape: expected numbers from 0 on, found -1"),
                Arguments.of("{" + tensor("a", "F32", "[1.5]", "[0,4]") + "}", 4, "expected whole numbers in shape"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[99999999999999999999]", "[0,4]") + "}", 4, "out of range of long"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[1]", "[4,0]") + "}",
                        4,
                        "expected [begin, end] with begin <= end, found [4, 0]"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[1]", "[0,4,8]") + "}", 4, "expected [begin, end] with begin <= end"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[2]", "[0,4]") + "}",
                        4,
                        "shape [2] of F32 takes 8 bytes, data_offsets [0, 4] give it 4"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[4611686018427387904,4]", "[0,4]") + "}",
                        4,
                        "is larger than any file"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[2]", "[0,8]") + "}",
                        4,
                        "ends at byte 8 of the data, but the file has only 4: it is truncated"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[1]", "[0,4]") + "}",
                        9,
                        "5 bytes follow the last tensor, expected none"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[1]", "[4,8]") + "}",
                        8,
                        "leaves a hole before it: it begins at byte 4 of the data, expected 0"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[2]", "[0,8]") + "," + tensor("b", "F32", "[2]", "[4,12]") + "}",
                        12,
                        "tensor \"b\": overlaps the tensor before it: it begins at byte 4 of the data, expected 8"),
                Arguments.of(
                        "{" + tensor("a", "F32", "[1]", "[0,4]") + "," + tensor("a", "F32", "[1]", "[4,8]") + "}",
                        8,
                        "Duplicate field 'a'"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                        4,
                        "Duplicate field 'dtype'"));
    }

    @ParameterizedTest
    @MethodSource("brokenHeaders")
    void open_brokenHeader_saysWhatAndWhere(String header, int dataBytes, String problem) {
        Path file = SafetensorsBytes.write(directory, SafetensorsBytes.of(header, dataBytes));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(problem);
    }

    @Test
    void open_headerLengthOutOfRange_isRefusedBeforeItIsRead() {
        for (long length : new long[] {0, 1, 100_000_001L, Long.MAX_VALUE, -1}) {
            byte[] bytes = SafetensorsBytes.of("{}", 0);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            Path file = SafetensorsBytes.write(directory, bytes);
            assertThatThrownBy(() -> SafetensorsFile.open(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("the length of its header reads " + Long.toUnsignedString(length));
        }
    }

    @Test
    void open_headerThatIsNotUtf8_isRefused() {
        byte[] header =
                ("{" + tensor("a?", "F32", "[1]", "[0,4]") + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        header[3] = (byte) 0xff;
        Path file = SafetensorsBytes.write(directory, SafetensorsBytes.of(header, 4));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("its header is not UTF-8 text");
    }

    /** A sparse file: 3 GiB to look at, next to nothing on the disk. */
    @Test
    void map_tensorOfThreeGibibytes_isMappedInParts() throws IOException {
        long bytes = 3L << 30;
        byte[] head = SafetensorsBytes.of(
                "{" + tensor("big", "U8", "[3,1024,1048576]", "[0," + bytes + "]") + ","
                        + tensor("end", "U8", "[1]", "[" + bytes + "," + (bytes + 1) + "]") + "}",
                0);
        Path path = SafetensorsBytes.write(directory, head);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(head.length + bytes + 1);
            file.seek(head.length + bytes - 1);
            file.write(new byte[] {7, 9});
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.map("end").get(0)).isEqualTo((byte) 9);
            assertThat(file.map("big", bytes - 2, 2).get(1)).isEqualTo((byte) 7);
            assertThatThrownBy(() -> file.map("big"))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith(
                            "tensor \"big\" has 3221225472 bytes; one buffer holds at most 2147483647, map"
                                    + " it in parts");
        }
    }
}
