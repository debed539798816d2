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
                help =
                        "metrics in the table and the charts, by their names in metrics.jsonl, and figures of evaluations, by "
                                + "their names in summary.json, in the charts; a+b draws two in one chart",
                defaultText = "up to four main metrics of the runs' command; in the charts all")
        @Nullable
        List<String> metrics,

        @Key(
                help = "horizontal axis of the curves: step, a metric such as objective/kl, or sqrt(METRIC)",
                defaultValue = "step")
        String x,

        @Key(
                help = "steps whose mean is one point of a curve",
                defaultText = "1 with x=step, otherwise a twelfth of the steps",
                range = "[1, inf)")
        @Nullable
        Integer window,

        @Key(
                help = "HTML file with curves of all metrics",
                defaultText = "only the table is printed",
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        @Nullable
        Path output,

        @Key(
                help = "directory to which each chart is written as an SVG file",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path charts) {}
