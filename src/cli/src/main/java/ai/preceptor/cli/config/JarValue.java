package ai.preceptor.cli.config;

import ai.preceptor.cli.plugin.PluginException;
import ai.preceptor.cli.plugin.PluginJar;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;

/** A jar with a user's own classes. */
record JarValue() implements ValueType {
    @Override
    public String expected() {
        return "an existing jar";
    }

    @Override
    public PluginJar read(Raw raw) throws Mismatch {
        Path path = new ValueTypes.PathValue(PathKind.FILE).read(raw);
        try {
            return PluginJar.of(path);
        } catch (PluginException e) {
            throw new Mismatch("expected " + expected() + ", found " + e.problems(), raw);
        }
    }

    @Override
    public PluginJar placeholder() {
        return new PluginJar(Path.of(""), "");
    }
}
