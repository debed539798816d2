package ai.preceptor.cli.compare;

import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.config.OutlineSection;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.CompareConfig;
import ai.preceptor.cli.runs.ConfigReader;
import ai.preceptor.cli.runs.RunFolder;
import ai.preceptor.cli.yaml.PathText;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lays runs beside each other. */
public final class CompareCommand extends Command<CompareConfig> {
    private static final String RUNS = "runs";
    private static final String METRICS = "metrics";

    private final ConfigReader settings;

    /** @param settings reads the configurations of runs */
    public CompareCommand(ConfigReader settings) {
        super(
                "compare",
                "lays runs side by side: settings that differ, metrics, mean and deviation over seeds, curves",
                CompareConfig.class);
        this.settings = settings;
    }

    @Override
    public List<String> help() {
        List<String> lines = new ArrayList<>(List.of(
                "",
                "Words without a key are runs: preceptor compare runs/a runs/b output=compare.html. Runs may still be",
                "running. Those that differ in nothing but their seed are one row: mean and sample standard deviation.",
                "Of runs with the same seed the one that finished last counts; the others have rows of their own."));
        lines.addAll(super.help());
        return lines;
    }

    @Override
    public CompareConfig read(@Nullable Path file, List<String> arguments, References references) {
        List<Path> runs = new ArrayList<>();
        List<String> keyValues = new ArrayList<>();
        for (String argument : arguments) {
            if (isRun(argument)) {
                runs.add(PathText.onCommandLine(argument));
            } else {
                keyValues.add(argument);
            }
        }
        Settings<CompareConfig> settings =
                Settings.of(CompareConfig.class).arguments(keyValues).references(references);
        settings = file == null ? settings : settings.file(file);
        if (!runs.isEmpty() && keyValues.stream().anyMatch(argument -> argument.startsWith(RUNS + "="))) {
            throw new ConfigurationException("command line: runs: given twice, as words and as " + RUNS + "=");
        }
        if (runs.isEmpty() && file == null) {
            refuseRunsAmongMetrics(keyValues);
        }
        return (runs.isEmpty() ? settings : settings.with(RUNS, runs)).read();
    }

    /** All words after {@code --metrics} are its values, also those that were meant to be runs. */
    private static void refuseRunsAmongMetrics(List<String> keyValues) {
        for (String argument : keyValues) {
            if (argument.startsWith(RUNS + "=")) {
                return;
            }
            if (argument.startsWith(METRICS + "=[") && argument.endsWith("]")) {
                String values = argument.substring(METRICS.length() + 2, argument.length() - 1);
                Stream.of(values.split(",", -1))
                        .filter(value -> !value.isBlank() && Files.isDirectory(PathText.onCommandLine(value)))
                        .findFirst()
                        .ifPresent(run -> {
                            throw new ConfigurationException("command line: runs: required but not given; " + run
                                    + " is read as a value of metrics: give the runs first");
                        });
            }
        }
    }

    /** A directory may have an equals sign in its name, as those of a sweep often do. */
    private static boolean isRun(String argument) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
            return true;
        }
        boolean key = OutlineSection.keysOf(CompareConfig.class).contains(argument.substring(0, equals));
        return !key && Files.isDirectory(PathText.onCommandLine(argument));
    }

    @Override
    public void run(CompareConfig keys, Terminal terminal) {
        RunReader reader = new RunReader(settings, note -> terminal.err().println("compare: " + note));
        List<ComparedRun> runs =
                RunFolder.in(keys.runs()).stream().map(reader::read).toList();
        Chosen chosen = Chosen.of(keys);
        Comparison comparison = Comparison.of(runs, chosen);
        List<NamedChart> charts = keys.charts() == null ? List.of() : comparison.charts();
        ChartFiles files = keys.charts() == null ? null : new ChartFiles(keys.charts(), charts);
        comparison.notes().forEach(note -> terminal.err().println("compare: " + note));
        comparison.lines().forEach(terminal.out()::println);
        if (keys.output() != null) {
            comparison.write(keys.output());
            terminal.out().println();
            terminal.out().println("report  " + keys.output());
        }
        if (files != null) {
            SectionCharts.missing(chosen, charts)
                    .forEach(name -> terminal.err()
                            .println("compare: no chart of " + name + ": no step, or no evaluation, has all of it"));
            files.write();
            terminal.out().println();
            terminal.out().println("charts  " + keys.charts() + " (" + files.count() + ")");
        }
    }
}
