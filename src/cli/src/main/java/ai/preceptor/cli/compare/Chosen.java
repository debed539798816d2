package ai.preceptor.cli.compare;

import ai.preceptor.cli.keys.inference.CompareConfig;
import ai.preceptor.cli.report.WindowMeans;
import ai.preceptor.data.ConfigurationException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the tables and charts are to show.
 *
 * @param charts the metrics of each chart that was asked for; empty for those that tell most
 * @param x the curves' horizontal axis
 * @param window of the steps that become a point; null for a step of its own over the steps, and for a twelfth of them otherwise
 */
record Chosen(List<List<String>> charts, XAxis x, @Nullable Integer window) {
    static final Chosen NOTHING = new Chosen(List.of(), XAxis.STEPS, null);

    private static final String TOGETHER = "+";

    /** Copies the list. */
    Chosen {
        charts = List.copyOf(charts);
    }

    /**
     * As the keys say.
     *
     * @throws ConfigurationException for a chart with a metric that has no name
     */
    static Chosen of(CompareConfig keys) {
        List<String> metrics = keys.metrics() == null ? List.of() : keys.metrics();
        return new Chosen(metrics.stream().map(Chosen::names).toList(), XAxis.of(keys.x()), keys.window());
    }

    private static List<String> names(String chart) {
        List<String> names =
                Stream.of(chart.split("\\" + TOGETHER, -1)).map(String::strip).toList();
        if (names.contains("")) {
            throw new ConfigurationException(
                    "metrics: expected names of metrics, for one chart joined by +, found \"" + chart + "\"");
        }
        return names.stream().distinct().toList();
    }

    /** All names. */
    List<String> metrics() {
        return charts.stream().flatMap(List::stream).distinct().toList();
    }

    /** Those in a chart together. */
    List<List<String>> joined() {
        return charts.stream().filter(names -> names.size() > 1).toList();
    }

    /** Whether a chart of these is to be written to a file. */
    boolean has(List<String> names) {
        return charts.isEmpty() || charts.contains(names);
    }

    /** How steps become points. */
    WindowMeans means() {
        return new WindowMeans(window == null && x.isSteps() ? Integer.valueOf(1) : window, x.scale());
    }

    /**
     * Refuses names that no run has.
     *
     * @param metrics of runs
     * @param figures of evaluations
     */
    void refuseUnknown(Set<String> metrics, Set<String> figures) {
        for (String name : metrics()) {
            if (!metrics.contains(name) && !figures.contains(name)) {
                throw new ConfigurationException("metrics: expected names of metrics that a run has ("
                        + String.join(", ", figures.isEmpty() ? metrics : concat(metrics, figures)) + "), found \""
                        + name + "\"");
            }
        }
        if (!x.isSteps() && !metrics.contains(x.metric())) {
            throw new ConfigurationException("x: expected step, or a metric that a run has ("
                    + String.join(", ", metrics) + "), or sqrt(METRIC), found \"" + x.metric() + "\"");
        }
    }

    private static List<String> concat(Set<String> metrics, Set<String> figures) {
        return Stream.concat(metrics.stream(), figures.stream())
                .distinct()
                .sorted()
                .toList();
    }
}
