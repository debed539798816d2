package ai.preceptor.cli.command;

import ai.preceptor.cli.ExitCode;
import ai.preceptor.cli.config.JsonSchema;
import ai.preceptor.cli.config.KeyHelp;
import ai.preceptor.cli.config.OptionKeys;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.config.YamlTemplate;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.quickstart.EmbeddedModels;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of the command line.
 *
 * @param <C> its configuration
 */
public abstract class Command<C extends Record> {
    private final String name;
    private final String summary;
    private final Class<C> configuration;

    /**
     * A command.
     *
     * @param name the word that calls it
     * @param summary what it does, in one line that starts with a verb
     * @param configuration the record that says which keys it takes
     */
    protected Command(String name, String summary, Class<C> configuration) {
        this.name = name;
        this.summary = summary;
        this.configuration = configuration;
    }

    /** The word that calls it. */
    public final String name() {
        return name;
    }

    /** What it does, in one line that starts with a verb. */
    public final String summary() {
        return summary;
    }

    /** The record that says which keys it takes. */
    public final Class<C> configuration() {
        return configuration;
    }

    /** The record of the keys that stand at the top of its configuration. */
    public Class<? extends Record> keys() {
        return configuration();
    }

    /** Every key it takes, explained. */
    public List<String> help() {
        return new KeyHelp(keys()).lines();
    }

    /** A configuration file to fill in, with every key it takes. */
    public List<String> template() {
        return new YamlTemplate(keys(), ExampleValues.of(name)).lines();
    }

    /** Every key it takes, as JSON Schema. */
    public JsonSchema schema() {
        return JsonSchema.of(keys());
    }

    /** Which keys can be written without a value, and which with several. */
    public OptionKeys optionKeys() {
        return OptionKeys.of(List.of(keys()));
    }

    /**
     * Reads its configuration.
     *
     * @param file YAML, or null
     * @param arguments {@code key=value}, which win
     * @throws ConfigurationException naming every problem, one a line
     */
    public final C read(@Nullable Path file, List<String> arguments) {
        return read(file, arguments, References.NONE);
    }

    /**
     * Reads its configuration.
     *
     * @param references what paths may be written as, beside the names of what comes with the program
     * @throws ConfigurationException naming every problem, one a line
     */
    public C read(@Nullable Path file, List<String> arguments, References references) {
        Settings<C> settings = Settings.of(configuration())
                .arguments(arguments)
                .references(new EmbeddedReferences(EmbeddedModels.inUserCache()).or(references));
        return (file == null ? settings : settings.file(file)).read();
    }

    /**
     * Does it. Failures are exceptions; {@link ExitCode} says what they mean to the caller of the process.
     *
     * @param configuration checked
     * @param terminal where to print
     */
    public abstract void run(C configuration, Terminal terminal);
}
