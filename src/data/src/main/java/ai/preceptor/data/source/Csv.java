package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values (RFC 4180) in UTF-8, plain or gzip: the first line names the columns, and a cell in quotes may hold
 * commas, line feeds and doubled quotes. {@link CsvColumns} says what a cell means.
 */
final class Csv implements RowFileFormat {
    /** In characters. */
    private static final long LONGEST_ROW = 1L << 26;

    private static final int MOST_COLUMNS = 10_000;

    /** The bound of a row bounds its cells. */
    static final StreamReadConstraints CELLS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    private static final ObjectReader READER = CsvMapper.builder(
                    CsvFactory.builder().streamReadConstraints(CELLS).build())
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build()
            .reader(CsvSchema.emptySchema());

    @Override
    public String name() {
        return "CSV";
    }

    @Override
    public List<String> extensions() {
        return List.of("csv", "csv.gz");
    }

    @Override
    public boolean recognizes(byte[] start) {
        return false;
    }

    @Override
    public RowCursor open(Path file) {
        InputStream bytes = InputFiles.open(file, name());
        try {
            RowLimit text = new RowLimit(new BufferedReader(new InputStreamReader(
                    bytes,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT))));
            Cursor cursor = new Cursor(file, text, READER.createParser(text));
            cursor.readHeader();
            return cursor;
        } catch (CharacterCodingException e) {
            InputFiles.close(bytes, e);
            throw new DataException(file + ": expected UTF-8, found other bytes", e);
        } catch (IOException e) {
            InputFiles.close(bytes, e);
            throw new DataException(file + ": cannot be read: " + InputFiles.readFailure(e), e);
        } catch (DataException e) {
            InputFiles.close(bytes, e);
            throw e;
        }
    }

    /** Ends a row that is too long before it fills the memory. */
    private static final class RowLimit extends FilterReader {
        private long read;

        RowLimit(Reader text) {
            super(text);
        }

        void beginRow() {
            read = 0;
        }

        @Override
        public int read(char[] into, int offset, int length) throws IOException {
            if (read > LONGEST_ROW) {
                throw new RowTooLongException();
            }
            int now = super.read(into, offset, length);
            read += Math.max(0, now);
            return now;
        }
    }

    private static final class RowTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        RowTooLongException() {
            super("a row longer than 64 MiB");
        }
    }

    private static final class Cursor implements RowCursor {
        private final Path file;
        private final RowLimit text;
        private final JsonParser parser;
        private CsvColumns columns = new CsvColumns(List.of());
        private final List<String> cells = new ArrayList<>();
        private int cellsFound;
        private long line = 1;

        Cursor(Path file, RowLimit text, JsonParser parser) {
            this.file = file;
            this.text = text;
            this.parser = parser;
        }

        /** An empty file has no rows. */
        void readHeader() {
            if (next(MOST_COLUMNS)) {
                if (cellsFound > MOST_COLUMNS) {
                    throw DataException.at(file, 1, "expected at most " + MOST_COLUMNS + " columns, found more");
                }
                columns = CsvColumns.of(file, cells);
            }
        }

        @Override
        public boolean advance() {
            return next(columns.names().size());
        }

        /** @param most cells that are kept; more are counted */
        private boolean next(int most) {
            try {
                text.beginRow();
                cells.clear();
                cellsFound = 0;
                if (parser.nextToken() == null) {
                    return false;
                }
                line = parser.currentLocation().getLineNr();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (cellsFound++ < most) {
                        cells.add(parser.getText());
                    }
                }
                return true;
            } catch (RowTooLongException e) {
                throw new DataException(
                        file + ":" + line + ": expected CSV, found " + e.getMessage() + " at or after this line", e);
            } catch (CharacterCodingException e) {
                throw new DataException(
                        file + ":" + line + ": expected UTF-8, found other bytes at or after this line", e);
            } catch (JsonProcessingException e) {
                String first = e.getOriginalMessage().lines().findFirst().orElse("not CSV");
                throw new DataException(
                        file + ":" + line + ": expected CSV, found a damaged row at or after this line: " + first, e);
            } catch (IOException e) {
                throw new DataException(file + ":" + line + ": cannot be read on: " + InputFiles.readFailure(e), e);
            }
        }

        @Override
        public RowPlace place() {
            return RowPlace.line(file, line);
        }

        @Override
        public String text() throws RowException {
            return columns.json(cells, cellsFound);
        }

        @Override
        public void close() {
            try {
                parser.close();
            } catch (IOException e) {
                throw new DataException(file + ": cannot be closed: " + InputFiles.readFailure(e), e);
            }
        }
    }
}
