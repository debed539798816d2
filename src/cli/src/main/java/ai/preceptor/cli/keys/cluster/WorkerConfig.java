package ai.preceptor.cli.keys.cluster;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.ToolKeys;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.setting.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Keys of {@code worker}: the locations of its files and of the run, which sends everything else. */
public record WorkerConfig(
        @Key(
                help = "the run's model (the same files): the student; for score the reward model, for distill the "
                        + "teacher",
                required = true,
                path = PathKind.MODEL)
        Path model,

        @Key(help = "the run's adapter (the same files), if it has one", path = PathKind.ADAPTER) @Nullable
        Path adapter,

        @Key(help = "the run's reward models, needed to score", path = PathKind.MODEL) @Nullable
        List<Path> rewardModel,

        @Key(help = "the run's teacher, needed to score", path = PathKind.MODEL) @Nullable
        Path teacher,

        @Key(help = "the run's own rule (the same file or class), needed to score; code is never sent")
        @PartOf({ToDoubleFunction.class, Scorer.class})
        @Nullable
        Part rule,

        @Key(help = "whether to score, if the required models are given or none is required", defaultValue = "true")
        boolean score,

        @Group(title = "Tools") ToolKeys tools,

        @Key(help = "when the run ends or is lost: exit, or wait for the next one", defaultValue = "exit")
        WhenOver whenOver,

        @Group(title = "Your own parts") PluginKeys plugins,

        @Section(help = "address of the run", effect = KeyEffect.EXECUTION)
        WorkerClusterKeys cluster,

        @Group(title = "Device") DeviceKeys device) {}
