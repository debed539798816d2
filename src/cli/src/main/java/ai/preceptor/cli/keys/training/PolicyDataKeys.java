package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.ShardKeys;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a policy learns on: prompts that it answers, or answers that were recorded. */
public record PolicyDataKeys(
        @Key(
                help = "prompts to answer: JSON lines, plain or gzip, in one of TRL's formats; or rollouts",
                path = PathKind.FILE)
        @Nullable
        Path data,

        @Key(
                help =
                        "alternative to data: recorded answers to learn from instead of sampling, as generate writes them,"
                                + " with scores, or another run's samples.jsonl; a scorer that is given scores them anew",
                path = PathKind.FILE)
        @Nullable
        Path rollouts,

        @Key(help = "number of rows to read (of rollouts: prompts); default: all", range = "[1, inf)") @Nullable
        Integer maxRows,

        @Group(title = "Data") ShardKeys shard,

        @Key(help = "how to handle an invalid row: stop the run, or skip, count and list it", defaultValue = "fail")
        OnBadRow onBadRow)
        implements Checked {

    @Override
    public void check(Checks checks) {
        if ((data == null) == (rollouts == null)) {
            checks.refuse(
                    "data", "expected exactly one of data and rollouts, found " + (data == null ? "neither" : "both"));
        }
        if (rollouts != null && shard.dataShards() > 1) {
            checks.refuse("data_shards", "expected 1 with rollouts, found " + shard.dataShards());
        }
    }

    /** The prompts, where there are some. */
    public DataKeys prompts() {
        return new DataKeys(Objects.requireNonNull(data, "checked"), maxRows, shard, onBadRow);
    }

    /** {@link #maxRows} as the readers take it: 0 for all. */
    public int limit() {
        return maxRows == null ? 0 : maxRows;
    }
}
