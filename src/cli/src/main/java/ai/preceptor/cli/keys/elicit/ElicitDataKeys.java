package ai.preceptor.cli.keys.elicit;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.ShardKeys;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The prompts that {@code elicit} reads, where it needs some. */
public record ElicitDataKeys(
        @Key(
                help =
                        "rows in one of TRL's formats, as JSON lines, CSV or Parquet: a file, a folder, a glob or a list; not"
                                + " with method=meta or magpie, which need no prompts",
                path = PathKind.ROWS)
        @Nullable
        Path data,

        @Key(help = "number of rows to read", defaultText = "all", range = "[1, inf)") @Nullable
        Integer maxRows,

        @Group(title = "Data") ShardKeys shard,

        @Key(help = "how to handle an invalid row: stop the run, or skip, count and list it", defaultValue = "fail")
        OnBadRow onBadRow) {

    /** As other commands have them, where there is a file. */
    public DataKeys required() {
        return new DataKeys(Objects.requireNonNull(data, "checked"), maxRows, shard, onBadRow);
    }
}
