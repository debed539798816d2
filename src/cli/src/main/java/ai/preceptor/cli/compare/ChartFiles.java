package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.ChartFile;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Charts as files in one directory. Files of an earlier call are replaced; any others of their names are refused. */
final class ChartFiles {
    private static final String ENDING = ".svg";

    private final Path directory;
    private final Map<String, NamedChart> files = new LinkedHashMap<>();

    /**
     * Names the files.
     *
     * @param directory it may be missing
     * @throws ConfigurationException when a file would be written over that was not written by this command
     */
    ChartFiles(Path directory, List<NamedChart> charts) {
        this.directory = directory;
        for (NamedChart chart : charts) {
            String name = chart.name();
            // Names that differ in signs, or in case where the file system does not tell, are numbered.
            for (int i = 2; files.containsKey(key(name)); i++) {
                name = chart.name() + "-" + i;
            }
            files.put(key(name), new NamedChart(name, chart.metrics(), chart.curve()));
        }
        List<String> foreign = new ArrayList<>();
        for (NamedChart chart : files.values()) {
            Path file = file(chart);
            if (Files.exists(file) && !(Files.isRegularFile(file) && ChartFile.isOne(file))) {
                foreign.add(file.toString());
            }
        }
        if (!foreign.isEmpty()) {
            throw new ConfigurationException(
                    "charts: expected a directory in which files of the charts' names are missing"
                            + " or were written by compare; found others: " + String.join(", ", foreign));
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private Path file(NamedChart chart) {
        return directory.resolve(chart.name() + ENDING);
    }

    int count() {
        return files.size();
    }

    /** Writes them all. */
    void write() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be made: " + e.getMessage(), e);
        }
        files.values().forEach(chart -> new ChartFile(chart.curve()).write(file(chart)));
    }
}
