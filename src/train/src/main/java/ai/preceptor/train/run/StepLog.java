package ai.preceptor.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A JSONL file with lines of a {@code step}: {@code metrics.jsonl}, {@code samples.jsonl}.
 *
 * <p>A line is handed to the operating system before {@link #append} returns, so a killed process loses none; a torn
 * last line, which a lost machine may leave, is dropped when the file is opened again, together with every line of a
 * step after the checkpoint that the run goes on from: those steps are about to be made again. Numbers that JSON does
 * not have (NaN, infinities) are written as null.
 */
public final class StepLog implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunFiles files;
    private final Path path;
    private final FileChannel channel;

    private StepLog(RunFiles files, Path path, FileChannel channel) {
        this.files = files;
        this.path = path;
        this.channel = channel;
    }

    /** Opens {@code path} for appending and keeps of what it holds only whole lines of steps up to {@code lastStep}. */
    static StepLog open(RunFiles files, Path path, int lastStep) {
        try {
            cut(path, lastStep);
            return new StepLog(
                    files, path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw files.fault(path, e);
        }
    }

    /** Adds a line; {@code row} has the key {@code step}. */
    public void append(Map<String, ?> row) {
        if (!(row.get("step") instanceof Number)) {
            throw new IllegalArgumentException(path + ": a row without a step: " + row.keySet());
        }
        try {
            ByteBuffer line =
                    ByteBuffer.wrap((JSON.writeValueAsString(finite(row)) + "\n").getBytes(StandardCharsets.UTF_8));
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw files.fault(path, e);
        }
    }

    /** Waits until all lines are on the disk; done before a checkpoint that counts on them becomes visible. */
    void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw files.fault(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw files.fault(path, e);
        }
    }

    private static Map<String, Object> finite(Map<String, ?> row) {
        Map<String, Object> copy = new LinkedHashMap<>();
        row.forEach((key, value) -> {
            boolean odd = value instanceof Number number && !Double.isFinite(number.doubleValue());
            copy.put(key, odd ? JSON.nullNode() : value);
        });
        return copy;
    }

    private static void cut(Path path, int lastStep) throws IOException {
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
                    kept = stepOf(line.toString(StandardCharsets.UTF_8)) <= lastStep ? offset : kept;
                    line.reset();
                }
            }
        }
        if (kept < offset) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(kept);
                channel.force(true);
            }
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
