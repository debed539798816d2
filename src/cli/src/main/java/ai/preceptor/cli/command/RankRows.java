package ai.preceptor.cli.command;

import ai.preceptor.data.DataException;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import java.nio.file.Path;
import java.util.Set;

/** Detects from its first row what a file for {@code rank} or {@code reward} holds. */
public enum RankRows {
    /** {@code prompt}, {@code chosen}, {@code rejected}. */
    PAIRS,
    /** {@code prompt}, {@code responses}, {@code scores}. */
    GROUPS,
    /** {@code prompt}, {@code completion}, {@code label}. */
    LABELED,
    /** {@code prompt}, {@code completions}, {@code labels}: for process reward models only. */
    STEPS;

    /** Pairs where the first row cannot be read: their reader tells what is wrong, with its place. */
    public static RankRows of(Path file) {
        try {
            Set<String> columns = Datasets.prompts(file, 1, OnBadRow.FAIL)
                    .rows()
                    .get(0)
                    .columns()
                    .keySet();
            if (columns.contains("responses")) {
                return GROUPS;
            }
            if (columns.contains("completions") && columns.contains("labels")) {
                return STEPS;
            }
            return columns.contains("label") && columns.contains("completion") ? LABELED : PAIRS;
        } catch (DataException notPrompts) {
            return PAIRS;
        }
    }
}
