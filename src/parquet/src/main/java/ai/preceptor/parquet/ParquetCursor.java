package ai.preceptor.parquet;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.source.RowCursor;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowPlace;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Goes through a Parquet file, a row group in memory at a time. */
final class ParquetCursor implements RowCursor {
    private static final int SHOWN = 160;

    private final Path file;
    private final ParquetFileReader reader;
    private final MessageType schema;
    private final MessageColumnIO columns;
    private final GroupJson json;
    private @Nullable RecordReader<Group> group;
    private long left;
    private long number;
    private @Nullable Group row;

    private ParquetCursor(Path file, ParquetFileReader reader) {
        this.file = file;
        this.reader = reader;
        this.schema = reader.getFileMetaData().getSchema();
        this.columns = new ColumnIOFactory().getColumnIO(schema);
        this.json = new GroupJson(schema);
    }

    /** @throws DataException as {@link ParquetFormat#open} says */
    static ParquetCursor open(Path file) {
        ParquetFileReader reader = null;
        try {
            LocalInputFile input = new LocalInputFile(file);
            if (input.getLength() == 0) {
                throw DataException.in(file, "expected a Parquet file, found an empty one");
            }
            reader = ParquetFileReader.open(
                    input,
                    ParquetReadOptions.builder(new PlainParquetConfiguration())
                            .withCodecFactory(new PageCodecs())
                            .build());
            Claims.check(file, input.getLength(), reader.getFooter());
            return new ParquetCursor(file, reader);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            DataException told = e instanceof DataException data ? data : damaged(file + ": ", e);
            close(reader, told);
            throw told;
        }
    }

    private static void close(@Nullable ParquetFileReader reader, DataException told) {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException e) {
                told.addSuppressed(e);
            }
        }
    }

    /** Rows of the whole file, as its footer says. */
    long rows() {
        return reader.getRecordCount();
    }

    @Override
    public boolean advance() {
        try {
            while (left == 0) {
                PageReadStore pages = reader.readNextRowGroup();
                if (pages == null) {
                    return false;
                }
                left = pages.getRowCount();
                group = left == 0 ? null : columns.getRecordReader(pages, new GroupRecordConverter(schema));
            }
            number++;
            left--;
            row = group == null ? null : group.read();
            if (row == null) {
                throw DataException.in(file, "damaged: it has fewer rows than it says, " + (number - 1));
            }
            return true;
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError | StackOverflowError e) {
            throw damaged(RowPlace.row(file, Math.max(1, number)) + " or later: ", e);
        }
    }

    @Override
    public RowPlace place() {
        return RowPlace.row(file, number);
    }

    @Override
    public String text() throws RowException {
        if (row == null) {
            throw new IllegalStateException("no row yet");
        }
        try {
            return json.text(row);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw damaged(place() + ": ", e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new DataException(file + ": cannot be closed: " + IoReason.of(e), e);
        }
    }

    /** Whatever the library throws means that the file cannot be read; it checks little of what it is told. */
    private static DataException damaged(String where, Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return new DataException(
                    where + "asks for more memory than there is; the file is damaged, or its row groups are too"
                            + " large: write it again with smaller ones",
                    e);
        }
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause instanceof PageCodecs.UnreadableException unreadable) {
            return new DataException(where + unreadable.getMessage(), e);
        }
        if (cause instanceof EOFException) {
            return new DataException(where + "the Parquet data end too early; the file is truncated", e);
        }
        String said = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        String first = said.length() > SHOWN ? said.substring(0, SHOWN) + "..." : said;
        return new DataException(
                where + "expected a whole Parquet file, found one that is truncated or damaged ("
                        + cause.getClass().getSimpleName() + ": " + first + ")",
                e);
    }
}
