package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A chart of a page, and of a file.
 *
 * @param name of the file, without its ending
 * @param metrics by which it can be chosen; empty for one that is only there if nothing is
 * @param curve what it shows
 */
record NamedChart(String name, List<String> metrics, Curve curve) {
    private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9._]+");
    private static final Pattern ENDS = Pattern.compile("^[-.]+|[-.]+$");

    /** Copies the list. */
    NamedChart {
        metrics = List.copyOf(metrics);
    }

    /** A text as part of a file's name: what is neither letter, digit, dot nor underscore becomes a hyphen. */
    static String part(String text) {
        String name = ENDS.matcher(OTHER.matcher(text).replaceAll("-")).replaceAll("");
        return name.isEmpty() ? "metric" : name;
    }

    NamedChart in(String family) {
        return new NamedChart(part(family) + "-" + name, metrics, curve);
    }
}
