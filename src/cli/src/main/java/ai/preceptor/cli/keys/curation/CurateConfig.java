package ai.preceptor.cli.keys.curation;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.OutputKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.RowOutputKeys;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.cli.plugin.PartOf;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.teacher.curate.CurationSettings;
import ai.preceptor.teacher.curate.RowFilter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code curate}. */
public record CurateConfig(
        @Group(title = "Data") DataKeys data,
        @Group(title = "Run") OutputKeys output,
        @Group(title = "Run") RowOutputKeys rows,

        @Key(help = "curate again in the output of an earlier run", defaultValue = "false", effect = KeyEffect.NONE)
        boolean resume,

        @Group(title = "Filters") CurationSettings filters,
        @Group(title = "Filters by tokens and perplexity") ModelFilterKeys models,

        @Key(help = "your own filter, applied after all others") @PartOf(RowFilter.class) @Nullable
        Part filter,

        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Device") DeviceKeys device)
        implements HasOutput {
    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
