package ai.preceptor.cli.keys.training;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Held-out rows: a file of their own, or a part of {@code data}. */
public record HeldOutKeys(
        @Key(help = "evaluation rows, given and written as data is", path = PathKind.ROWS) @Nullable
        Path evalData,

        @Key(help = "alternative to eval_data: number of rows of data to hold out, split by prompt", range = "[1, inf)")
        @Nullable
        Integer evalRows)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (evalData != null && evalRows != null) {
            checks.refuse(
                    "eval_rows", "expected nothing when eval_data is given (" + evalData + "), found " + evalRows);
        }
    }
}
