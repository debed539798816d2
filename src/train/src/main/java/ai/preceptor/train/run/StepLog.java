package ai.preceptor.train.run;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.rows.JsonlWriter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A JSONL file with lines of a {@code step}, in the order of the steps: {@code metrics.jsonl}, {@code samples.jsonl}.
 *
 * <p>A killed process loses no line. When the file is opened again, a truncated line is dropped, and with it every
 * line of a
 * step after the checkpoint that the run continues from: those steps are about to be made again.
 */
public final class StepLog implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every evaluation has it, and no other line. */
    private static final String EVALUATION = "eval_runtime";

    private final Path path;
    private final JsonlWriter writer;

    private StepLog(Path path, JsonlWriter writer) {
        this.path = path;
        this.writer = writer;
    }

    /** Opens {@code path} for appending and keeps of what it holds only whole lines of steps up to {@code lastStep}. */
    static StepLog open(Path path, int lastStep) {
        try {
            cut(path, line -> stepOf(line) <= lastStep);
        } catch (IOException e) {
            throw new OutputException(path, "cannot be truncated to step " + lastStep + ": " + e.getMessage(), e);
        }
        return new StepLog(path, JsonlWriter.append(path));
    }

    /**
     * Adds a line.
     *
     * @param row has the key {@code step}, not below that of the line before
     * @throws IllegalArgumentException when it has not
     */
    public void append(Map<String, ?> row) {
        if (!(row.get("step") instanceof Number)) {
            throw new IllegalArgumentException(path + ": a row without a step: " + row.keySet());
        }
        writer.write(row);
    }

    /** Removes the evaluation of a step, if that is the last line. */
    void removeEvaluation(int step) {
        try {
            cut(path, line -> stepOf(line) < step || (stepOf(line) == step && !isEvaluation(line)));
        } catch (IOException e) {
            throw new OutputException(path, "cannot be cut at step " + step + ": " + e.getMessage(), e);
        }
    }

    /** Waits until all lines are on the disk; done before a checkpoint that counts on them becomes visible. */
    void force() {
        writer.flush();
    }

    @Override
    public void close() {
        writer.close();
    }

    /** Removes what is behind the last line to keep. */
    private static void cut(Path path, Predicate<String> isKept) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        long kept = 0;
        long offset = 0;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                offset++;
                if (b != '\n') {
                    line.write(b);
                } else {
                    kept = isKept.test(line.toString(StandardCharsets.UTF_8)) ? offset : kept;
                    line.reset();
                }
            }
        }
        if (kept < offset) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(kept);
            }
        }
    }

    private static boolean isEvaluation(String line) {
        try {
            return JSON.readTree(line).has(EVALUATION);
        } catch (JsonProcessingException torn) {
            return false;
        }
    }

    /** The step of a line; beyond every step when the line is not a row. */
    private static int stepOf(String line) {
        try {
            return JSON.readTree(line).path("step").asInt(Integer.MAX_VALUE);
        } catch (JsonProcessingException torn) {
            return Integer.MAX_VALUE;
        }
    }
}
