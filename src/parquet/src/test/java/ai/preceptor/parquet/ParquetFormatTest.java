package ai.preceptor.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.rows.Dataset;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.source.RowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetFormatTest {
    @TempDir
    private Path dir;

    private static Dataset<Preference> preferences(String name) {
        return Datasets.preferences(Golden.file(name), 0, OnBadRow.FAIL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "lz4", "plain", "two-level", "datasets"})
    void open_pyarrowFile_hasTheRowsOfJsonLines(String name) {
        Dataset<Preference> rows = preferences("pairs-" + name + ".parquet");
        assertThat(rows.rows()).isEqualTo(preferences("pairs.jsonl").rows());
        assertThat(rows.report()).isEqualTo(preferences("pairs.jsonl").report());
        assertThat(rows.places().get(4)).hasToString(Golden.file("pairs-" + name + ".parquet") + ", row 5");
    }

    @Test
    void open_allTypes_becomeJson() throws IOException, RowException {
        List<String> rows = Golden.texts(Golden.file("types.parquet"));
        assertThat(rows.get(0))
                .isEqualTo(
                        "{\"prompt\":\"a\",\"float32\":0.10000000149011612,\"float16\":0.5,\"double\":0.1,\"int8\":-1,"
                                + "\"uint32\":4294967295,\"uint64\":18446744073709551615,\"decimal\":12345678901234567890.12,"
                                + "\"small\":-1.5,\"date\":\"2024-02-29\",\"time\":\"01:02:03.000004\","
                                + "\"utc\":\"2024-02-29T01:02:03.456789Z\",\"local\":\"1969-12-31T23:59:59.500\","
                                + "\"nanos\":\"1970-01-01T00:00:00.000000001\",\"flag\":true,\"map\":{\"k\":1,\"l\":null},"
                                + "\"numbered\":{\"7\":\"x\"},\"nothing\":null,\"word\":\"x\",\"large\":\"y\",\"bytes\":\"text\","
                                + "\"deep\":[[1,null],[],null],\"struct\":{\"a\":{\"b\":1}}}");
        assertThat(rows.get(1))
                .isEqualTo("{\"prompt\":\"b\",\"float32\":null,\"float16\":-2.0,\"double\":\"NaN\",\"int8\":127,"
                        + "\"uint32\":0,\"uint64\":0,\"decimal\":null,\"small\":2.0,\"date\":null,\"time\":null,"
                        + "\"utc\":null,\"local\":null,\"nanos\":\"1969-12-31T23:59:59.999999999\",\"flag\":null,"
                        + "\"map\":null,\"numbered\":{},\"nothing\":null,\"word\":\"x\",\"large\":null,\"bytes\":null,"
                        + "\"deep\":null,\"struct\":{\"a\":null}}");
        assertThat(Golden.rows(Golden.file("int96.parquet"))
                        .get(0)
                        .path("stamp")
                        .asText())
                .isEqualTo("2001-02-03T04:05:06");
    }

    @Test
    void open_oldLists_areLists() throws IOException, RowException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message rows {
                  required binary prompt (STRING);
                  optional group messages (LIST) {
                    repeated group array { required binary role (STRING); required binary content (STRING); }
                  }
                  optional group one (LIST) { repeated group one_tuple { required int32 a; } }
                  optional group numbers (LIST) { repeated int32 element; }
                  repeated int64 bare;
                }
                """);
        Group row =
                new SimpleGroup(schema).append("prompt", "a").append("bare", 7L).append("bare", 8L);
        row.addGroup("messages").addGroup(0).append("role", "user").append("content", "hi");
        row.addGroup("one").addGroup(0).append("a", 1);
        row.addGroup("numbers").append("element", 3);
        assertThat(readBack(schema, row))
                .isEqualTo(
                        "{\"prompt\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"one\":[{\"a\":1}],"
                                + "\"numbers\":[3],\"bare\":[7,8]}");
    }

    private String readBack(MessageType schema, Group row) throws IOException, RowException {
        Path file = dir.resolve("made.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCodecFactory(new PageCodecs())
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            writer.write(row);
        }
        return Golden.rows(file).get(0).toString();
    }

    @Test
    void open_mapsWhoseKeysAreNotTexts_haveThemAsText() throws IOException, RowException {
        MessageType schema = MessageTypeParser.parseMessageType("""
                message rows {
                  required group date (MAP) { repeated group pair { required int32 key (DATE); required int32 value; } }
                  required group time (MAP) { repeated group pair { required int64 key (TIME(MICROS,true)); } }
                  required group stamp (MAP) { repeated group pair { required int64 key (TIMESTAMP(MILLIS,true)); } }
                  required group old (MAP) { repeated group pair { required int96 key; } }
                  required group uuid (MAP) { repeated group pair { required fixed_len_byte_array(16) key (UUID); } }
                  required group number (MAP) { repeated group pair { required double key; } }
                  required group price (MAP) { repeated group pair { required int32 key (DECIMAL(4,2)); } }
                  required group text (MAP) { repeated group pair { required binary key (STRING); } }
                }
                """);
        Group row = new SimpleGroup(schema);
        row.addGroup("date").addGroup(0).append("key", 19_782).append("value", 7);
        row.addGroup("time").addGroup(0).append("key", 3_723_000_000L);
        row.addGroup("stamp").addGroup(0).append("key", 0L);
        row.addGroup("old").addGroup(0).append("key", new NanoTime(2_440_588, 0));
        row.addGroup("uuid").addGroup(0).append("key", Binary.fromConstantByteArray(new byte[] {
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        }));
        row.addGroup("number").addGroup(0).append("key", Double.NaN);
        row.addGroup("price").addGroup(0).append("key", 150);
        row.addGroup("text").addGroup(0).append("key", "\"a\"");
        assertThat(readBack(schema, row))
                .isEqualTo("{\"date\":{\"2024-02-29\":7},\"time\":{\"01:02:03\":null},"
                        + "\"stamp\":{\"1970-01-01T00:00:00Z\":null},\"old\":{\"1970-01-01T00:00\":null},"
                        + "\"uuid\":{\"00010203-0405-0607-0809-0a0b0c0d0e0f\":null},\"number\":{\"NaN\":null},"
                        + "\"price\":{\"1.50\":null},\"text\":{\"\\\"a\\\"\":null}}");
    }

    @Test
    void open_bytesThatAreNoText_areABadRow() {
        Path file = Golden.file("binary.parquet");
        assertThatThrownBy(() -> Datasets.prompts(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ", row 1: key \"raw\": expected text in UTF-8, found 2 other bytes");
        assertThat(Datasets.prompts(file, 0, OnBadRow.SKIP).size()).isEqualTo(1);
    }

    @Test
    void open_fileWithoutRows_hasNothingToLearnFrom() {
        assertThatThrownBy(() -> Datasets.prompts(Golden.file("empty.parquet"), 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("nothing to learn from: the file has no rows");
    }

    @Test
    void open_codecThatIsNotRead_isNamed() {
        assertThatThrownBy(() -> preferences("pairs-brotli.parquet"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "pairs-brotli.parquet: column prompt.list.element.role: expected pages packed with one"
                                + " of [UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW], found BROTLI");
    }

    @Test
    void open_otherName_isToldByItsContent() throws IOException {
        Path file = Files.copy(Golden.file("pairs-snappy.parquet"), dir.resolve("rows.jsonl"));
        assertThat(Datasets.preferences(file, 2, OnBadRow.FAIL).rows())
                .isEqualTo(preferences("pairs.jsonl").rows().subList(0, 2));
    }

    @Test
    void open_textUnderTheName_isRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("a.parquet"), "prompt,chosen\n");
        assertThatThrownBy(() -> Datasets.prompts(file, 0, OnBadRow.FAIL))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(file + ": expected a whole Parquet file");
    }
}
