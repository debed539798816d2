package ai.preceptor.ranking.online;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a step's answers came from: all that is needed to sample them again, and to go on after them. A checkpoint has it in
 * {@code online.json}.
 *
 * @param step that learns from them, 0-based
 * @param cursor place of its first prompt
 * @param version of the weights that sampled first
 * @param nextCursor place of the first prompt after it
 * @param lastVersion of the weights that sampled last; above {@code version} where it took several batches
 * @param before what all steps before it took
 * @param after the same with what it took
 */
record OnlineState(
        int step,
        long cursor,
        long version,
        long nextCursor,
        long lastVersion,
        OnlineCounts before,
        OnlineCounts after) {
    private static final String NAME = "online.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** Before anything was sampled. */
    static OnlineState beginning(int step) {
        return new OnlineState(step, 0, step, 0, step, OnlineCounts.NONE, OnlineCounts.NONE);
    }

    /** Before the answers of the step after it are sampled. */
    OnlineState following(int next) {
        long sampling = Math.max(next, lastVersion + 1);
        return new OnlineState(next, nextCursor, sampling, nextCursor, sampling, after, after);
    }

    /** Before its own answers were sampled. */
    OnlineState restarted() {
        return new OnlineState(step, cursor, version, cursor, version, before, before);
    }

    /** After its answers were sampled. */
    OnlineState sampled(long upTo, long finalVersion, OnlineCounts taken) {
        return new OnlineState(step, cursor, version, upTo, finalVersion, before, taken);
    }

    void write(Path checkpoint) {
        try {
            JSON.writeValue(checkpoint.resolve(NAME).toFile(), this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Null if the checkpoint was written before anything was sampled. */
    static @Nullable OnlineState read(Path checkpoint) {
        Path file = checkpoint.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            return JSON.readValue(file.toFile(), OnlineState.class);
        } catch (IOException e) {
            throw new DataException(file + ": not the state of an online run: " + e.getMessage(), e);
        }
    }
}
