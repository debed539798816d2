package ai.preceptor.dashboard.judge;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.rows.JsonlWriter;
import ai.preceptor.data.rows.RowFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A directory with a person's verdicts: {@code judgments.jsonl} has all of them, ties too, and {@code preferences.jsonl} the
 * decided ones as rows to train on. A verdict is on the disk before it counts. Not safe for several threads; one process at a time.
 */
final class JudgmentLog implements AutoCloseable {
    static final String JUDGMENTS = "judgments.jsonl";
    static final String PREFERENCES = "preferences.jsonl";

    private static final String PAIR = "pair";
    private static final String AGREES = "teacher_agrees";
    private static final String LOCK = "judgments.lock";
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, @Nullable Object>> ROW = new TypeReference<>() {};

    private final Path directory;
    private final FileChannel channel;
    private final Map<String, Judgment> byPair = new LinkedHashMap<>();

    private JudgmentLog(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Opens a directory, made if missing, and reads the verdicts that it has.
     *
     * @throws ConfigurationException if another process writes there, or it has preferences that were not judged by hand
     * @throws DataException if a line is no verdict
     * @throws OutputException if it cannot be written
     */
    static JudgmentLog open(Path directory) {
        requireJudged(directory);
        FileChannel channel = null;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                throw new ConfigurationException("output: another dashboard writes judgments to " + directory);
            }
            JudgmentLog log = new JudgmentLog(directory, channel);
            log.read();
            return log;
        } catch (IOException e) {
            close(channel, e);
            throw new OutputException(directory, "cannot be written: " + IoReason.of(e), e);
        } catch (RuntimeException e) {
            close(channel, e);
            throw e;
        }
    }

    /** Other rows of that name, such as a teacher's, would be replaced. */
    private static void requireJudged(Path directory) {
        for (Map<String, @Nullable Object> row : rows(directory.resolve(PREFERENCES))) {
            if (!(row.get(PAIR) instanceof String && row.get(AGREES) instanceof Boolean)) {
                throw new ConfigurationException("output: " + directory + " holds a file " + PREFERENCES
                        + " that was not written by judging; choose another directory");
            }
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this process
        }
    }

    private static void close(@Nullable FileChannel channel, Exception cause) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** A last line without its end was cut off by a crash, before the verdict counted. */
    private void read() throws IOException {
        Path file = directory.resolve(JUDGMENTS);
        if (!Files.exists(file)) {
            return;
        }
        String text = Files.readString(file);
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i++) {
            Judgment judgment = parse(file, i + 1, lines[i]);
            byPair.put(judgment.pair(), judgment);
        }
    }

    private static Judgment parse(Path file, int line, String text) {
        try {
            return Judgment.read(JSON.readTree(text))
                    .orElseThrow(() -> new DataException(file + ":" + line + ": expected a verdict, found " + text));
        } catch (JsonProcessingException e) {
            throw new DataException(file + ":" + line + ": expected JSON, found " + text, e);
        }
    }

    /** Verdicts by pair, in their order. */
    Map<String, Judgment> judgments() {
        return byPair;
    }

    /** Keeps a verdict, or nothing of it. */
    void add(Judgment judgment, JudgePair pair) {
        boolean isDecided = judgment.choice() != 0;
        // first, then a crash between the two loses no verdict that counted
        long before = isDecided ? append(PREFERENCES, preference(judgment, pair)) : 0;
        try {
            append(JUDGMENTS, judgment.row());
        } catch (OutputException e) {
            if (isDecided) {
                cutPreferences(before, e);
            }
            throw e;
        }
        byPair.put(judgment.pair(), judgment);
    }

    /** Returns the length of the file before. */
    private long append(String file, Map<String, ? extends @Nullable Object> row) {
        try (JsonlWriter writer = JsonlWriter.append(directory.resolve(file))) {
            long before = writer.length();
            writer.write(row);
            return before;
        }
    }

    /** Shortens the file, which a full disk allows too. */
    private void cutPreferences(long length, OutputException cause) {
        try (FileChannel rows = FileChannel.open(directory.resolve(PREFERENCES), StandardOpenOption.WRITE)) {
            rows.truncate(length);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** With the prompt's columns, since a chat template reads some of them. */
    private static Map<String, @Nullable Object> preference(Judgment judgment, JudgePair pair) {
        Preference shown = pair.preference();
        boolean same = judgment.choice() > 0;
        Map<String, @Nullable Object> row = RowFormat.PREFERENCES
                .row()
                .apply(new Preference(
                        shown.prompt(),
                        same ? shown.chosen() : shown.rejected(),
                        same ? shown.rejected() : shown.chosen()));
        row.put(PAIR, pair.id());
        row.put(AGREES, pair.teacher() == judgment.choice());
        return row;
    }

    /** Takes a verdict back. */
    void remove(String id, Map<String, JudgePair> pairs) {
        byPair.remove(id);
        JsonlWriter.replace(
                directory.resolve(JUDGMENTS),
                byPair.values().stream().map(Judgment::row).toList());
        reconcile(pairs);
    }

    /**
     * Makes the preference rows say what the verdicts say: a crash may have come between the two. Rows of pairs that are not in
     * the data any more stay.
     */
    void reconcile(Map<String, JudgePair> pairs) {
        Path file = directory.resolve(PREFERENCES);
        List<Map<String, @Nullable Object>> before = rows(file);
        Map<Object, Map<String, @Nullable Object>> byId = new HashMap<>();
        before.forEach(row -> byId.put(row.get(PAIR), row));
        List<Map<String, @Nullable Object>> after = new ArrayList<>();
        for (Judgment judgment : byPair.values()) {
            JudgePair pair = pairs.get(judgment.pair());
            Map<String, @Nullable Object> row = pair == null ? byId.get(judgment.pair()) : preference(judgment, pair);
            if (row != null && judgment.choice() != 0) {
                after.add(row);
            }
        }
        if (!after.equals(before)) {
            JsonlWriter.replace(file, after);
        }
    }

    private static List<Map<String, @Nullable Object>> rows(Path file) {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                if (!line.isEmpty()) {
                    rows.add(JSON.readValue(line, ROW));
                }
            }
        } catch (JsonProcessingException e) {
            throw new DataException(
                    file + ": expected preference rows, found another line: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + IoReason.of(e), e);
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be closed: " + IoReason.of(e), e);
        }
    }
}
