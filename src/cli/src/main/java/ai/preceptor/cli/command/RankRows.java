package ai.preceptor.cli.command;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.Datasets;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Detects from its keys what a file for {@code rank} or {@code reward} holds. */
public enum RankRows {
    /** {@code prompt}, {@code chosen}, {@code rejected}. */
    PAIRS,
    /** {@code prompt}, {@code responses}, {@code scores}. */
    GROUPS,
    /** {@code prompt}, {@code completion}, {@code label}. */
    LABELED,
    /** {@code prompt}, {@code completions}, {@code labels}: for process reward models only. */
    STEPS;

    /** Pairs where no row tells, or the file cannot be read: their reader tells what is wrong, with its place. */
    public static RankRows of(Path file) {
        try {
            RankRows found = Datasets.kind(file, RankRows::of);
            return found == null ? PAIRS : found;
        } catch (DataException unreadable) {
            return PAIRS;
        }
    }

    private static @Nullable RankRows of(Set<String> keys) {
        if (keys.contains("responses")) {
            return GROUPS;
        }
        if (keys.contains("completions") && keys.contains("labels")) {
            return STEPS;
        }
        if (keys.contains("label") && keys.contains("completion")) {
            return LABELED;
        }
        return keys.contains("chosen") || keys.contains("rejected") ? PAIRS : null;
    }
}
