package ai.preceptor.cli.keys;

import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is learnt from: rows, or prompts that the student answers, or in their place answers that were recorded. */
public record RolloutDataKeys(
        @Key(
                help = "rows in one of TRL's formats, as JSON lines, CSV or Parquet: a file, a folder, a glob or a "
                        + "list; prompts if the student answers them, or rollouts",
                path = PathKind.ROWS)
        @Nullable
        Path data,

        @Key(
                help = "alternative to data if the student answers prompts: recorded answers to train on instead of "
                        + "sampling: output of generate with scores, or another run's samples.jsonl; a configured "
                        + "scorer scores them again",
                path = PathKind.ROWS)
        @Nullable
        Path rollouts,

        @Key(help = "number of rows to read (rollouts: prompts)", defaultText = "all", range = "[1, inf)") @Nullable
        Integer maxRows,

        @Group(title = "Data") ShardKeys shard,

        @Key(help = "how to handle an invalid row: stop the run, or skip, count and list it", defaultValue = "fail")
        OnBadRow onBadRow)
        implements Checked {

    @Override
    public void check(Checks checks) {
        if (rollouts != null && shard.dataShards() > 1) {
            checks.refuse("data_shards", "expected 1 with rollouts, found " + shard.dataShards());
        }
    }

    /** Refuses neither and both of {@code data} and {@code rollouts}. */
    public void checkOne(Checks checks) {
        if ((data == null) == (rollouts == null)) {
            checks.refuse(
                    "data", "expected exactly one of data and rollouts, found " + (data == null ? "neither" : "both"));
        }
    }

    /** The rows of {@code data}, which is given. */
    public DataKeys rows() {
        return new DataKeys(Objects.requireNonNull(data, "checked"), maxRows, shard, onBadRow);
    }

    /** {@link #maxRows} as the readers take it: 0 for all. */
    public int limit() {
        return maxRows == null ? 0 : maxRows;
    }
}
