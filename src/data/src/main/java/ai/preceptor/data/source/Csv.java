package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Comma-separated values (RFC 4180) in UTF-8, plain or gzip: the first line names the columns, and a cell in quotes may hold
 * commas, line feeds and doubled quotes. {@link CsvColumns} says what a cell means.
 */
final class Csv implements RowFileFormat {
    private static final CsvMapper MAPPER = CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

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
    public boolean isPacked(Path file) {
        return JsonLines.isGzip(file);
    }

    @Override
    public RowCursor open(Path file) {
        InputStream bytes = InputFiles.open(file);
        try {
            Reader text = new BufferedReader(new InputStreamReader(
                    bytes,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            MappingIterator<String[]> rows = MAPPER.readerFor(String[].class)
                    .with(CsvSchema.emptySchema())
                    .readValues(text);
            Cursor cursor = new Cursor(file, rows);
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

    private static final class Cursor implements RowCursor {
        private final Path file;
        private final MappingIterator<String[]> rows;
        private CsvColumns columns = new CsvColumns(List.of());
        private String[] cells = {};
        private long line = 1;

        Cursor(Path file, MappingIterator<String[]> rows) {
            this.file = file;
            this.rows = rows;
        }

        /** An empty file has no rows. */
        void readHeader() {
            if (advance()) {
                columns = CsvColumns.of(file, cells);
            }
        }

        @Override
        public boolean advance() {
            try {
                if (!rows.hasNextValue()) {
                    return false;
                }
                line = rows.getParser().currentLocation().getLineNr();
                cells = rows.nextValue();
                return true;
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
            return columns.json(cells);
        }

        @Override
        public void close() {
            try {
                rows.close();
            } catch (IOException e) {
                throw new DataException(file + ": cannot be closed: " + InputFiles.readFailure(e), e);
            }
        }
    }
}
