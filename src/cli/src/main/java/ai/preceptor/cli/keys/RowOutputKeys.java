package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;

/** How a command that writes rows to train on leaves them. */
public record RowOutputKeys(
        @Key(
                help = "format of the rows: jsonl; or parquet, written in addition to the JSON lines at the end",
                defaultValue = "jsonl",
                effect = KeyEffect.NONE)
        RowOutputFormat outputFormat) {
    /** A format of files of rows. */
    public enum RowOutputFormat {
        /** JSON lines alone. */
        JSONL,
        /** JSON lines, and at the end Parquet too. */
        PARQUET
    }
}
