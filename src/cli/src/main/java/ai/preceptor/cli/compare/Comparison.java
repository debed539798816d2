package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.console.TextTable;
import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodRows;
import ai.preceptor.cli.report.MethodSeeds;
import ai.preceptor.cli.report.ReportModel;
import ai.preceptor.cli.report.ReportPage;
import ai.preceptor.cli.report.SeedStatistics;
import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs beside each other, those of each command in a section of its own.
 *
 * @param sections in the order of each one's first run
 */
record Comparison(List<Section> sections) {
    /** A table in a terminal has room for so many settings. */
    private static final int MOST_SETTINGS = 3;

    /** Copies the list. */
    Comparison {
        sections = List.copyOf(sections);
    }

    /**
     * Of these runs.
     *
     * @param chosen what to show
     * @throws ConfigurationException for a metric that no run has
     */
    static Comparison of(List<ComparedRun> runs, Chosen chosen) {
        Map<String, List<RunGroup>> commands = new LinkedHashMap<>();
        RunGroup.of(runs)
                .forEach(group -> commands.computeIfAbsent(group.command(), command -> new ArrayList<>())
                        .add(group));
        List<Section> sections = commands.entrySet().stream()
                .map(each -> new Section(each.getKey(), each.getValue(), chosen))
                .toList();
        Set<String> metrics = new TreeSet<>();
        Set<String> figures = new TreeSet<>();
        for (Section section : sections) {
            metrics.addAll(section.metrics());
            figures.addAll(section.results().figures());
        }
        chosen.refuseUnknown(metrics, figures);
        return new Comparison(sections);
    }

    /** What a person should know of single runs. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        sections.forEach(section -> section.groups()
                .forEach(group -> group.runs().forEach(run -> {
                    if (group.repeated() != null) {
                        notes.add(run.directory() + ": has the settings and the seed of "
                                + group.repeated().directory()
                                + ", which finished later; only that one counts as a draw of them");
                    }
                    if (!run.isFinished()) {
                        String steps = run.steps() == 0 ? "no metrics yet" : run.steps() + " steps so far";
                        String ended = run.ended().isEmpty() ? "" : "; " + run.ended();
                        notes.add(run.directory() + ": not finished; " + steps + ended);
                    } else if (run.columns().isEmpty() && Evaluated.of(group) == null) {
                        notes.add(run.directory() + ": has no metrics over steps; only its settings are compared");
                    }
                })));
        return notes;
    }

    /** The table for a terminal. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Section section : sections) {
            List<String> keys = section.differing();
            List<String> shown = keys.subList(0, Math.min(MOST_SETTINGS, keys.size()));
            lines.addAll(lines.isEmpty() ? List.of() : List.of(""));
            lines.add(section.command() + ": " + counted(section));
            if (!keys.isEmpty()) {
                lines.add("settings that differ: " + String.join(", ", keys)
                        + (keys.size() > shown.size() ? " (the table has the first " + shown.size() + ")" : ""));
            }
            table(new Chapter("", List.of(), section.header(shown), section.rows(shown), ""), lines);
            List<Evaluated> evaluated = section.evaluated();
            table(Evaluated.results("", List.of(), evaluated, ""), lines);
            table(new Chapter("", List.of(), Evaluated.ACCURACY, accuracies(evaluated), ""), lines);
        }
        if (sections.stream().flatMap(section -> section.groups().stream()).anyMatch(group -> group.n() > 1)) {
            lines.add("");
            lines.add("± " + SeedStatistics.NOTE);
        }
        return lines;
    }

    private static void table(Chapter filled, List<String> lines) {
        if (!filled.rows().isEmpty()) {
            lines.add("");
            lines.addAll(TextTable.lines(filled.header(), filled.rows(), 2));
        }
    }

    private static List<List<String>> accuracies(List<Evaluated> evaluated) {
        return evaluated.stream().flatMap(each -> each.accuracyRows().stream()).toList();
    }

    private static String counted(Section section) {
        int runs = section.groups().stream().mapToInt(RunGroup::n).sum();
        long repeats = section.groups().stream()
                .filter(group -> group.repeated() != null)
                .count();
        long different = section.groups().size() - repeats;
        String told = runs + (runs == 1 ? " run" : " runs");
        return different == runs - repeats ? told : told + ", " + different + " without their seeds";
    }

    /** The charts that were asked for; where those of several commands have one name, the command begins it. */
    List<NamedChart> charts() {
        Map<String, List<NamedChart>> charts = new LinkedHashMap<>();
        Map<String, Set<String>> commands = new HashMap<>();
        sections.forEach(section -> charts.put(section.command(), section.charts()));
        charts.forEach((command, each) -> each.forEach(chart ->
                commands.computeIfAbsent(chart.name(), name -> new HashSet<>()).add(command)));
        List<NamedChart> named = new ArrayList<>();
        charts.forEach((command, each) -> each.forEach(chart ->
                named.add(commands.getOrDefault(chart.name(), Set.of()).size() < 2 ? chart : chart.in(command))));
        return named;
    }

    /** Writes the page. */
    void write(Path file) {
        List<Chapter> chapters = new ArrayList<>();
        for (Section section : sections) {
            List<Evaluated> evaluated = section.evaluated();
            chapters.add(section.runs());
            chapters.add(section.settings());
            chapters.add(section.figures());
            chapters.add(new Chapter(
                    section.command() + ": accuracy of reward models",
                    List.of(),
                    Evaluated.ACCURACY,
                    accuracies(evaluated),
                    MethodSeeds.NOTE));
            chapters.add(Evaluated.results(
                    section.command() + ": results",
                    pictures(section.results().charts()),
                    evaluated,
                    MethodSeeds.NOTE + " Charts by method: " + MethodRows.BY_SEED_NOTE + " Charts over KL: "
                            + MethodRows.OVER_KL_NOTE));
            SectionCharts curves = section.curves();
            chapters.add(new Chapter(
                    section.command() + ": curves", pictures(curves.charts()), List.of(), List.of(), curves.note()));
        }
        String told = String.join(
                ". ",
                sections.stream()
                        .map(section -> section.command() + ": " + counted(section))
                        .toList());
        new ReportPage(new ReportModel("Preceptor compare", told + ".", chapters, List.of(), List.of(), List.of(), ""))
                .write(file);
    }

    private static List<Curve> pictures(List<NamedChart> charts) {
        return charts.stream().map(NamedChart::curve).toList();
    }
}
