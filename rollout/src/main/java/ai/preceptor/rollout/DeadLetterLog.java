package ai.preceptor.rollout;

import ai.preceptor.data.rows.JsonlReader;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.rollout.message.DeadLetter;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes dead letters to a file at once, so that they survive any end of the run: a row each, see
 * {@link DeadLetter#row}.
 * The file is created with the first one. For one thread.
 */
public final class DeadLetterLog implements Consumer<DeadLetter> {
    private final Path file;
    private final int kept;

    private DeadLetterLog(Path file, int kept) {
        this.file = file;
        this.kept = kept;
    }

    /**
     * Opens the log of a new or resumed run. Dead letters of prompts that the run will sample again are removed, so that no
     * prompt is in it twice, or in it and in the training data.
     *
     * @param file usually {@code dead-letters.jsonl}
     * @param firstIndex index of the run's first prompt
     */
    public static DeadLetterLog open(Path file, long firstIndex) {
        int earlier = 0;
        if (Files.exists(file)) {
            ObjectMapper mapper = new ObjectMapper();
            List<Map<String, Object>> kept = JsonlReader.committedRows(file).stream()
                    .filter(row -> row.path("index").asLong() < firstIndex)
                    .map(row -> mapper.convertValue(row, new TypeReference<Map<String, Object>>() {}))
                    .toList();
            JsonlWriter.replace(file, kept);
            earlier = kept.size();
        }
        return new DeadLetterLog(file, earlier);
    }

    /** Dead letters of the run in the file when it was opened. */
    public int kept() {
        return kept;
    }

    /** Dead letters are rare, so the file is opened for each one and nothing needs closing. */
    @Override
    public void accept(DeadLetter letter) {
        try (JsonlWriter writer = JsonlWriter.append(file)) {
            writer.write(letter.row());
        }
    }
}
