package ai.preceptor.teacher.elicit;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.source.DigestIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in a file of JSON lines, one a prompt: {@code prompt}, {@code responses}, {@code scores} (null where there is
 * none), {@code problems}, {@code finished}, {@code columns}, {@code occurrence}, {@code teacher}, {@code sampler}, and where known the
 * SHA-256 of their files, {@code teacher_sha256} and {@code sampler_sha256}.
 *
 * <p>Records are only ever added. A record of another teacher or sampler is refused, not skipped: mixing two teachers'
 * scores in one data set is a mistake that no number shows later.
 *
 * <p>In memory is only where each record is; {@link #find} reads it from the file.
 */
public final class JsonlLedger implements Ledger {
    private final Path file;
    private final LedgerRow rows;
    /** Where the last record of each key begins. */
    private final DigestIndex places;

    private final JsonlWriter writer;

    private JsonlLedger(Path file, LedgerRow rows, DigestIndex places, JsonlWriter writer) {
        this.file = file;
        this.rows = rows;
        this.places = places;
        this.writer = writer;
    }

    /**
     * Opens a ledger, made with its directories if missing. A last line that a crash cut off is removed.
     *
     * @param file the file
     * @param provenance of all its records, those it holds and those to come
     * @throws ConfigurationException if it holds records of another provenance
     * @throws DataException if it holds what no ledger wrote
     * @throws OutputException if it cannot be written
     */
    public static JsonlLedger open(Path file, Provenance provenance) {
        LedgerRow rows = new LedgerRow(provenance);
        DigestIndex places = new DigestIndex();
        if (Files.exists(file)) {
            JsonlReader.visitCommitted(file, (offset, line, row) -> {
                rows.check(file, line, row);
                places.put(rows.key(row), offset);
            });
        }
        return new JsonlLedger(file, rows, places, JsonlWriter.append(file));
    }

    /** How many prompts it has records of. */
    public int size() {
        return places.size();
    }

    @Override
    public @Nullable Elicited find(Prompt prompt, int occurrence) {
        long place = places.find(rows.key(prompt, occurrence));
        return place < 0 ? null : rows.elicited(prompt, JsonlReader.rowAt(file, place));
    }

    @Override
    public void add(int occurrence, Elicited elicited) {
        long place = writer.length();
        writer.write(rows.row(occurrence, elicited));
        places.put(rows.key(elicited.prompt(), occurrence), place);
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void close() {
        writer.close();
    }
}
