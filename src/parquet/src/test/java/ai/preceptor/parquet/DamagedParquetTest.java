package ai.preceptor.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.RowException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file is an error of the data that names the file; nothing hangs, and nothing else is thrown. */
class DamagedParquetTest {
    private static final int STEP = 101;
    private static final int FLIPS = 40;

    @TempDir
    private Path dir;

    /** Reads all rows; true if that worked. */
    private boolean reads(byte[] bytes, String what) throws IOException {
        Path file = Files.write(dir.resolve("cut.parquet"), bytes);
        try {
            Datasets.preferences(file, 0, OnBadRow.FAIL);
            return true;
        } catch (DataException e) {
            assertThat(e.getMessage()).as(what).contains(file.toString());
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "datasets"})
    void truncatedAnywhere_isADataError(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("pairs-" + name + ".parquet"));
        assertThat(reads(whole, "whole")).isTrue();
        for (int length = 4; length < whole.length; length += STEP) {
            assertThat(reads(Arrays.copyOf(whole, length), name + " cut at " + length))
                    .as("cut at %d", length)
                    .isFalse();
        }
        assertThat(reads(Arrays.copyOf(whole, whole.length - 1), "without the last byte"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "plain"})
    void flippedBytes_areReadOrADataError(String name) throws IOException {
        byte[] whole = Files.readAllBytes(Golden.file("pairs-" + name + ".parquet"));
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] bytes = whole.clone();
            int place = random.nextInt(bytes.length);
            bytes[place] = (byte) random.nextInt(256);
            refused += reads(bytes, name + ", byte " + place + " = " + bytes[place]) ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void page_thatClaimsTooMuch_isRefusedBeforeMemoryIsTaken() {
        var unpacker = new PageCodecs().getDecompressor(CompressionCodecName.SNAPPY);
        assertThatThrownBy(() -> unpacker.decompress(BytesInput.from(new byte[9]), Integer.MAX_VALUE))
                .hasMessage("expected pages of at most 268435456 bytes, found one that claims 2147483647");
        assertThatThrownBy(() -> unpacker.decompress(BytesInput.from(new byte[9]), -1))
                .hasMessageContaining("found one that claims -1");
    }

    /** A dictionary has a value once, however often rows have it. */
    @Test
    void row_ofTooMuchText_isRefused() {
        MessageType schema = MessageTypeParser.parseMessageType("message rows { repeated binary word (STRING); }");
        Group row = new SimpleGroup(schema);
        Binary value = Binary.fromString("a".repeat(1 << 20));
        for (int i = 0; i < 70; i++) {
            row.add("word", value);
        }
        assertThatThrownBy(() -> new GroupJson(schema).text(row))
                .isInstanceOf(RowException.class)
                .hasMessage("expected a row of at most 64 MiB as JSON, found a longer one");
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void page_ofNoise_isRefused(CompressionCodecName codec) {
        byte[] noise = new byte[200];
        new Random(7).nextBytes(noise);
        var unpacker = new PageCodecs().getDecompressor(codec);
        assertThatThrownBy(() -> unpacker.decompress(BytesInput.from(noise), 1000))
                .isInstanceOf(IOException.class);
    }

    @Test
    void gzipPage_thatUnpacksToMoreThanItClaims_isRefused() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(new byte[1 << 20]);
        }
        var unpacker = new PageCodecs().getDecompressor(CompressionCodecName.GZIP);
        assertThatThrownBy(() -> unpacker.decompress(BytesInput.from(bytes.toByteArray()), 1000))
                .hasMessage("damaged: a page unpacks to more than the 1000 bytes it claims");
    }
}
