package ai.preceptor.teacher.elicit;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in a file of JSON lines, one a prompt: {@code prompt}, {@code responses}, {@code scores} (null where there is
 * none), {@code problems}, {@code finished}, {@code columns}, {@code occurrence}, {@code teacher}, {@code sampler}, and where known the
 * SHA-256 of their files, {@code teacher_sha256} and {@code sampler_sha256}.
 *
 * <p>Records are only ever added. A record of another teacher or sampler is refused, not skipped: mixing two teachers'
 * scores in one data set is a mistake that no number shows later.
 */
public final class JsonlLedger implements Ledger {
    private final LedgerRow rows;
    private final Map<String, Elicited> known = new HashMap<>();
    private final Map<String, JsonNode> unread;
    private final JsonlWriter writer;

    private JsonlLedger(LedgerRow rows, Map<String, JsonNode> unread, JsonlWriter writer) {
        this.rows = rows;
        this.unread = unread;
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
        Map<String, JsonNode> unread = new HashMap<>();
        List<JsonNode> committed = Files.exists(file) ? JsonlReader.committedRows(file) : List.of();
        for (int i = 0; i < committed.size(); i++) {
            rows.check(file, i + 1L, committed.get(i));
            unread.put(rows.key(committed.get(i)), committed.get(i));
        }
        return new JsonlLedger(rows, unread, JsonlWriter.append(file));
    }

    /** How many prompts it has records of. */
    public int size() {
        return unread.size() + known.size();
    }

    @Override
    public @Nullable Elicited find(Prompt prompt, int occurrence) {
        String key = rows.key(prompt, occurrence);
        JsonNode row = unread.get(key);
        return row == null ? known.get(key) : rows.elicited(prompt, row);
    }

    @Override
    public void add(int occurrence, Elicited elicited) {
        writer.write(rows.row(occurrence, elicited));
        String key = rows.key(elicited.prompt(), occurrence);
        unread.remove(key);
        known.put(key, elicited);
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
