package ai.preceptor.cli.keys.dashboard;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of judging by hand. */
public record JudgeKeys(
        @Key(help = "pairs to judge by hand on the page: rows with prompt, chosen and rejected", path = PathKind.FILE)
        @Nullable
        Path judge,

        @Key(
                help = "directory for verdicts and preference rows; required with judge; a later start continues there",
                path = PathKind.OUTPUT_DIRECTORY)
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
            checks.refuse("output", "expected a directory for the verdicts, since judge is given");
        }
        if (judge == null && output != null) {
            checks.refuse("output", "expected judge with it, found none");
        }
        if (judge == null && rewardModel != null) {
            checks.refuse("reward_model", "expected judge with it, found none");
        }
    }
}
