package ai.preceptor.cli.keys.inference;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys of {@code compare}. */
public record CompareConfig(
        @Key(
                help = "run directories, finished or not; a recipe's directory means all its stages; the key may be "
                        + "omitted",
                required = true,
                path = PathKind.DIRECTORY)
        List<Path> runs,

        @Key(
                help = "metrics in the table, by their names in metrics.jsonl",
                defaultText = "up to four main metrics of the runs' command")
        @Nullable
        List<String> metrics,

        @Key(
                help = "HTML file with curves of all metrics",
                defaultText = "only the table is printed",
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        @Nullable
        Path output) {}
