package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.Refusals;
import ai.preceptor.data.source.LazyRows;
import java.util.List;
import java.util.stream.IntStream;

/** One of several parts of a file's rows that have no row in common. */
public record ShardKeys(
        @Key(help = "number of parts to split the rows into", defaultValue = "1", range = "[1, inf)")
        int dataShards,

        @Key(
                help = "part to read, from 1: every data_shards-th row, starting at this one",
                defaultValue = "1",
                range = "[1, inf)")
        int dataShard) {
    /** All rows. */
    public static final ShardKeys ALL = new ShardKeys(1, 1);

    /** @throws ai.preceptor.data.ConfigurationException if there is no such part */
    public ShardKeys {
        Refusals refusals = Refusals.of(ShardKeys.class, dataShards, dataShard);
        if (dataShard > dataShards) {
            refusals.refuse("data_shard", "expected at most data_shards, " + dataShards + ", found " + dataShard);
        }
        refusals.throwIfAny();
    }

    /** The part of these rows. */
    public <R> List<R> of(List<R> rows) {
        return dataShards == 1
                ? rows
                : LazyRows.select(
                        rows,
                        IntStream.range(0, rows.size())
                                .filter(i -> i % dataShards == dataShard - 1)
                                .toArray());
    }
}
