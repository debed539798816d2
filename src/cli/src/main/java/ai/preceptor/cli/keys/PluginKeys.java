package ai.preceptor.cli.keys;

import ai.preceptor.cli.plugin.PluginJar;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jars with a user's own classes. */
public record PluginKeys(
        @Key(
                help = "jars with your own classes, for keys that accept one, and with their dependencies",
                effect = KeyEffect.ADDRESS)
        @Nullable
        List<PluginJar> plugins) {
    /** Where they lie. */
    public List<Path> paths() {
        return plugins == null
                ? List.of()
                : plugins.stream().map(PluginJar::path).toList();
    }
}
