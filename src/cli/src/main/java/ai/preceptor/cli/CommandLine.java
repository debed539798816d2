package ai.preceptor.cli;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.hub.HubNames;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.version.ProgramVersion;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code COMMAND [CONFIG.yaml] [key=value ...] [--key value ...]}, runs the command, and turns failures into exit codes. */
public final class CommandLine {
    private static final Set<String> HELP_OPTIONS = Set.of("--help", "-h");
    private static final Set<String> HELP = Set.of("help", "--help", "-h");
    private static final Set<String> VERSION = Set.of("version", "--version", "-V");

    /** Another way to call {@code plan}. */
    private static final List<String> PLAN = List.of("doctor", "plan");

    private static final String JSON_SCHEMA = "--json-schema";
    private static final String TEMPLATE = "--template";
    private static final String MARKDOWN = "--markdown";
    private static final String COMPLETION = "completion";

    private final Commands commands;
    private final Terminal terminal;
    private final FailureReport failures;
    private final HubNames names;

    /**
     * A command line.
     *
     * @param commands those that exist
     * @param terminal where to print
     */
    public CommandLine(Commands commands, Terminal terminal) {
        this.commands = commands;
        this.terminal = terminal;
        this.failures = new FailureReport(terminal);
        this.names = HubNames.of(terminal);
    }

    /** @return how it ended; everything a person must know has been printed */
    public ExitCode run(List<String> arguments) {
        if (arguments.isEmpty()) {
            commands.overview().forEach(terminal.err()::println);
            return ExitCode.BAD_CONFIGURATION;
        }
        List<String> words =
                arguments.subList(0, Math.min(PLAN.size(), arguments.size())).equals(PLAN)
                        ? arguments.subList(1, arguments.size())
                        : arguments;
        String name = words.get(0);
        List<String> rest = words.subList(1, words.size());
        try {
            if (HELP.contains(name)) {
                help(rest);
            } else if (VERSION.contains(name)) {
                ProgramVersion.ofThis().lines().forEach(terminal.out()::println);
            } else if (name.equals(COMPLETION)) {
                terminal.out().print(commands.completion(rest.isEmpty() ? "" : rest.get(0)));
            } else {
                Command<?> command = commands.named(name);
                if (rest.stream().anyMatch(HELP_OPTIONS::contains) || rest.equals(List.of("help"))) {
                    help(List.of(name));
                } else {
                    return run(command, rest);
                }
            }
            return ExitCode.DONE;
        } catch (ConfigurationException e) {
            return failures.report("preceptor", e, null);
        }
    }

    private void help(List<String> words) {
        List<String> names =
                words.stream().filter(word -> !word.startsWith("-")).toList();
        if (words.contains(MARKDOWN)) {
            commands.reference().forEach(terminal.out()::println);
            return;
        }
        for (String form : List.of(JSON_SCHEMA, TEMPLATE)) {
            if (words.contains(form) && names.isEmpty()) {
                throw new ConfigurationException("command line: help " + form + " needs a command");
            }
        }
        if (words.contains(JSON_SCHEMA)) {
            terminal.out().println(commands.schema(names.get(0)));
            return;
        }
        if (words.contains(TEMPLATE)) {
            commands.template(names.get(0)).forEach(terminal.out()::println);
            return;
        }
        List<String> lines = names.isEmpty() ? commands.overview() : commands.help(names.get(0));
        lines.forEach(terminal.out()::println);
    }

    /** Whatever a command throws ends here: a person gets a sentence, never a wall of stack frames. */
    @SuppressWarnings("CatchingUnchecked")
    private <C extends Record> ExitCode run(Command<C> command, List<String> arguments) {
        C configuration = null;
        try {
            configuration = configuration(command, arguments);
            command.run(configuration, terminal);
            return ExitCode.DONE;
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            return failures.report("preceptor " + command.name(), e, directory(configuration));
        }
    }

    private <C extends Record> C configuration(Command<C> command, List<String> words) {
        Arguments arguments = Arguments.of(words, command.optionKeys());
        return names.read(references -> command.read(arguments.file(), arguments.overrides(), references));
    }

    private static @Nullable Path directory(@Nullable Record configuration) {
        return configuration instanceof HasOutput output ? output.runDirectory() : null;
    }
}
