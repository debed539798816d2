package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of a recipe whose stages run in rounds. */
public record RoundKeys(
        @Key(
                help = "number of rounds of the stages in repeat_stages, each in separate directories",
                defaultText = "no rounds",
                range = "[1, 1000]")
        @Nullable
        Integer repeat,

        @Key(help = "stages of a round, which must be consecutive", defaultText = "all") @Nullable
        List<String> repeatStages,

        @Key(
                help = "rows of stages whose data is a file: same: all in every round; split: a separate part for "
                        + "each round, every repeat-th row",
                defaultValue = "same")
        RoundData repeatData)
        implements Checked {
    @Override
    public void check(Checks checks) {
        if (repeat == null && repeatStages != null) {
            checks.refuse("repeat_stages", "requires repeat, the number of rounds, which is not set");
        }
        if (repeat == null && repeatData != RoundData.SAME) {
            checks.refuse("repeat_data", "requires repeat, the number of rounds, which is not set");
        }
    }

    /** Which rows a round reads. */
    public enum RoundData {
        /** All, in every round. */
        SAME,
        /** Each round a part of its own. */
        SPLIT
    }
}
