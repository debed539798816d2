package ai.preceptor.cli.keys.known;

import ai.preceptor.data.DataException;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.source.RowFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Files of rows that are there. */
public final class KnownRows {
    private KnownRows() {}

    /**
     * Refuses more held-out rows than there are. Reads at most one row more than are held out, of Parquet the footer only.
     *
     * @param heldOut {@code eval_rows}; null for none
     * @param data files of rows
     * @param maxRows how many are read of it; null for all
     */
    public static void checkHeldOut(@Nullable Integer heldOut, Path data, @Nullable Integer maxRows, Checks checks) {
        if (heldOut == null) {
            return;
        }
        OptionalLong rows = rows(data, heldOut + 1L);
        long read = Math.min(rows.orElse(Long.MAX_VALUE), maxRows == null ? Long.MAX_VALUE : maxRows);
        if (heldOut >= read) {
            checks.refuse("eval_rows", "expected fewer than the " + read + " rows of data, found " + heldOut);
        }
    }

    /** Rows, or {@code most} if there are at least as many; nothing for what cannot be read, or read twice. */
    private static OptionalLong rows(Path data, long most) {
        try {
            RowFiles files = RowFiles.of(data);
            return files.files().stream().allMatch(Files::isRegularFile)
                    ? OptionalLong.of(files.rows(most))
                    : OptionalLong.empty();
        } catch (DataException toldByTheCommand) {
            return OptionalLong.empty();
        }
    }
}
