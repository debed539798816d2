package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code run} itself; the others belong to its stages. */
public record RecipeKeys(
        @Key(
                help = "run directory with one directory per stage; if it has a finished run, the new one gets the "
                        + "next free number",
                defaultText = "a new one, runs/NAME-DATE-TIME",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path output,

        @Key(
                help = "continue an earlier run in output; finished stages are not run again",
                defaultValue = "false",
                effect = KeyEffect.NONE)
        boolean resume,

        @Group(title = "Rounds") RoundKeys rounds,

        @Group(title = "Seeds") SeedKeys seeds) {}
