package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.cli.yaml.Overrides;
import ai.preceptor.cli.yaml.Problems;
import ai.preceptor.cli.yaml.Raw;
import ai.preceptor.cli.yaml.YamlFile;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that is read section by section, because the legal keys of a section may depend on its values. What is
 * wrong anywhere in it is reported together.
 */
public final class Outline {
    private final Problems problems;
    private final PathUses paths;
    private final Raw.Mapping raw;

    private Outline(Problems problems, PathUses paths, Raw.Mapping raw) {
        this.problems = problems;
        this.paths = paths;
        this.raw = raw;
    }

    /**
     * Reads a file, if there is one, and lays arguments on top.
     *
     * @param file YAML, or null
     * @param arguments {@code key=value}; a dot goes into a section
     */
    public static Outline read(@Nullable Path file, List<String> arguments) {
        Problems problems = new Problems();
        Raw.Mapping raw = file == null ? Raw.Mapping.empty(Origin.COMMAND_LINE) : new YamlFile(file, problems).read();
        return new Outline(problems, new PathUses(file), raw.overlaid(new Overrides(problems).read(arguments)));
    }

    /** Everything, as a section without a name. */
    public OutlineSection root() {
        return new OutlineSection(problems, paths, "", "", raw);
    }

    /** Whether nothing was wrong so far. */
    public boolean isSound() {
        return problems.isEmpty();
    }

    /**
     * Notes, of all sections read so far together, what one would write over that another reads.
     *
     * @param key of an output at the top
     * @param chosen where it goes, which need not be where it was asked to
     */
    public void refuseOverwriting(String key, Path chosen) {
        paths.write(key, chosen);
        paths.refuseOverwriting(problems);
    }

    /** @throws ConfigurationException naming every problem, one a line, when there is any */
    public void throwIfAny() {
        problems.throwIfAny();
    }
}
