package ai.preceptor.cli.keys;

import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rows a command reads. */
public record DataKeys(
        @Key(
                help =
                        "rows in one of TRL's formats, as JSON lines, CSV or Parquet: a file, a folder, a glob or a list",
                required = true,
                path = PathKind.ROWS)
        Path data,

        @Key(help = "number of rows to read", defaultText = "all", range = "[1, inf)") @Nullable
        Integer maxRows,

        @Group(title = "Data") ShardKeys shard,

        @Key(help = "how to handle an invalid row: stop the run, or skip, count and list it", defaultValue = "fail")
        OnBadRow onBadRow) {

    /** {@link #maxRows} as the readers take it: 0 for all. */
    public int limit() {
        return maxRows == null ? 0 : maxRows;
    }
}
