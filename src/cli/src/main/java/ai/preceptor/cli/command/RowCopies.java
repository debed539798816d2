package ai.preceptor.cli.command;

import ai.preceptor.cli.keys.RowOutputKeys;
import ai.preceptor.cli.keys.RowOutputKeys.RowOutputFormat;
import ai.preceptor.parquet.ParquetExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of rows in a second format, beside the JSON lines that a run wrote. */
public final class RowCopies {
    private static final String LINES = ".jsonl";

    private RowCopies() {}

    /**
     * Writes what the keys ask for: of each of these files that is there and has rows {@code NAME.parquet}. A copy that was
     * made of earlier rows and is not made anew is removed.
     *
     * @param files names of files of JSON lines in the run directory, which are whole
     */
    public static void write(StageRun run, RowOutputKeys keys, List<String> files) {
        boolean wanted = keys.outputFormat() == RowOutputFormat.PARQUET;
        try {
            for (String name : files) {
                Path rows = run.path(name);
                Path copy = run.path(name.substring(0, name.length() - LINES.length()) + ".parquet");
                if (wanted && Files.isRegularFile(rows) && Files.size(rows) > 0) {
                    ParquetExport.write(rows, copy);
                    run.terminal().out().println("parquet " + copy);
                } else {
                    Files.deleteIfExists(copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
