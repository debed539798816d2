package ai.preceptor.data.source;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.List;

/** JSON lines in UTF-8, plain or gzip: one object a line; blank lines are none. */
final class JsonLines implements RowFileFormat {
    static final String NAME = "JSON lines";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> extensions() {
        return List.of("jsonl", "jsonl.gz", "ndjson", "ndjson.gz", "json", "json.gz");
    }

    @Override
    public boolean recognizes(byte[] start) {
        return start.length > 0 && start[0] == '{';
    }

    @Override
    public RowCursor open(Path file) {
        return new Cursor(file, LineReader.open(file));
    }

    private record Cursor(Path file, LineReader lines) implements RowCursor {
        @Override
        public boolean advance() {
            while (lines.advance()) {
                if (!lines.blank()) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public RowPlace place() {
            return RowPlace.line(file, lines.number());
        }

        @Override
        public String text() throws RowException {
            String line = lines.text();
            if (lines.number() == 1 && line.stripLeading().startsWith("[")) {
                throw DataException.at(file, 1, "expected JSON lines (one object per line), found a JSON list");
            }
            return line;
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
