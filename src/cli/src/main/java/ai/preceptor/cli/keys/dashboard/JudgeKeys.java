package ai.preceptor.cli.keys.dashboard;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of judging by hand. */
public record JudgeKeys(
        @Key(help = "pairs to judge by hand on the page: rows with prompt, chosen and rejected", path = PathKind.ROWS)
        @Nullable
        Path judge,

        @Key(help = "how to handle an invalid row: stop, or skip, count and list it", defaultValue = "fail")
        OnBadRow onBadRow,

        @Key(
                help = "directory for verdicts and preference rows; required with judge; a later start continues there",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path output,

        @Key(help = "reward model to compare a person's verdicts with", path = PathKind.MODEL) @Nullable
        Path rewardModel,

        @Key(help = "seed for the order of pairs and the side of each answer", defaultValue = "42")
        long seed,

        @Group(title = "Judging by hand") DeviceKeys device)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (judge != null && output == null) {
            checks.refuse("output", "expected a directory for the verdicts, found none; judge requires it");
        }
        if (judge == null && output != null) {
            checks.refuse("output", "requires judge, which is not set");
        }
        if (judge == null && rewardModel != null) {
            checks.refuse("reward_model", "requires judge, which is not set");
        }
    }
}
