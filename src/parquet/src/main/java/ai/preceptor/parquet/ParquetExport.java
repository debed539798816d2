package ai.preceptor.parquet;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowFiles;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes rows into a Parquet file, as {@code datasets} and pyarrow read them: texts, 64-bit integers, doubles, booleans, lists
 * of three levels and groups, all optional, pages packed with snappy. It reads the rows twice, first to find out what the
 * columns hold.
 */
public final class ParquetExport {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long ROW_GROUP = 1L << 25;

    private ParquetExport() {}

    /**
     * Writes a file, or replaces it as a whole.
     *
     * @param rows a file of rows, of any format
     * @throws DataException naming the column if the values of one are of kinds that no column can have together, or if the
     *     rows cannot be read
     * @throws OutputException if the file cannot be written
     */
    public static void write(Path rows, Path target) {
        RowFiles source = RowFiles.of(rows);
        MessageType schema = schema(source);
        AtomicFiles.write(target, out -> {
            try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new StreamFile(out))
                            .withConf(new PlainParquetConfiguration())
                            .withType(schema)
                            .withCodecFactory(new PageCodecs())
                            .withCompressionCodec(CompressionCodecName.SNAPPY)
                            .withRowGroupSize(ROW_GROUP)
                            .build();
                    RowCursor cursor = source.open()) {
                while (cursor.advance()) {
                    writer.write(filled(new SimpleGroup(schema), object(cursor)));
                }
            }
        });
    }

    private static MessageType schema(RowFiles source) {
        Map<String, ColumnKind> kinds = new LinkedHashMap<>();
        try (RowCursor cursor = source.open()) {
            while (cursor.advance()) {
                for (Map.Entry<String, JsonNode> column : object(cursor).properties()) {
                    try {
                        ColumnKind before = kinds.getOrDefault(column.getKey(), ColumnKind.Single.NOTHING);
                        kinds.put(column.getKey(), ColumnKind.join(before, ColumnKind.of(column.getValue())));
                    } catch (ColumnKind.MixedException e) {
                        throw new DataException(
                                cursor.place() + ": key \"" + column.getKey() + "\": " + e.getMessage()
                                        + ", which no column of a Parquet file can have; the rows stay in JSON lines",
                                e);
                    }
                }
            }
        }
        Types.MessageTypeBuilder message = Types.buildMessage();
        kinds.forEach((name, kind) -> message.addField(kind.type(name)));
        return message.named("rows");
    }

    private static JsonNode object(RowCursor cursor) {
        try {
            return MAPPER.readTree(cursor.text());
        } catch (RowException | JsonProcessingException e) {
            throw new DataException(cursor.place() + ": expected a JSON object, found another: " + e.getMessage(), e);
        }
    }

    private static Group filled(Group group, JsonNode object) {
        GroupType type = group.getType();
        for (int field = 0; field < type.getFieldCount(); field++) {
            JsonNode value = object.get(type.getFieldName(field));
            if (value != null && !value.isNull()) {
                add(group, field, type.getType(field), value);
            }
        }
        return group;
    }

    private static void add(Group group, int field, Type type, JsonNode value) {
        if (type.isPrimitive()) {
            switch (type.asPrimitiveType().getPrimitiveTypeName()) {
                case BOOLEAN -> group.add(field, value.booleanValue());
                case INT64 -> group.add(field, value.longValue());
                case DOUBLE -> group.add(field, value.doubleValue());
                default -> {
                    if (value.isTextual()) { // else an object without keys, of which nothing is left
                        group.add(field, value.textValue());
                    }
                }
            }
        } else if (value.isArray()) {
            Group list = group.addGroup(field);
            for (JsonNode one : value) {
                Group slot = list.addGroup(0);
                if (!one.isNull()) {
                    add(slot, 0, slot.getType().getType(0), one);
                }
            }
        } else {
            filled(group.addGroup(field), value);
        }
    }

    /** A file that is written from its start to its end. */
    private record StreamFile(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new Counting(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    /** Counts bytes; whoever gave the stream closes it. */
    private static final class Counting extends PositionOutputStream {
        private final OutputStream out;
        private long position;

        Counting(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
