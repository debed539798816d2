package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The horizontal axis of curves.
 *
 * @param metric its name in {@code metrics.jsonl}, or {@code step}
 * @param root whether it is drawn by its square root, as KL is by Gao et al. 2022 (arXiv:2210.10760)
 */
record XAxis(String metric, boolean root) {
    static final String STEP = "step";
    static final XAxis STEPS = new XAxis(STEP, false);

    private static final Pattern ROOT = Pattern.compile("sqrt\\((.+)\\)");

    /** As written: a name, or {@code sqrt(NAME)}. */
    static XAxis of(String text) {
        Matcher root = ROOT.matcher(text);
        return root.matches() ? new XAxis(root.group(1), true) : new XAxis(text, false);
    }

    boolean isSteps() {
        return metric.equals(STEP);
    }

    String label() {
        return root ? "√ " + metric : metric;
    }

    /** As part of a file's name. */
    String fileName() {
        return NamedChart.part(root ? "sqrt-" + metric : metric);
    }

    /** No number for the root of a negative mean, which an estimate of a small divergence can be. */
    DoubleUnaryOperator scale() {
        return root ? Math::sqrt : DoubleUnaryOperator.identity();
    }

    /** Where the steps of a run lie on it. */
    List<Point> places(ComparedRun run, List<Point> metric) {
        return isSteps()
                ? metric.stream().map(point -> new Point(point.x(), point.x())).toList()
                : run.columns().getOrDefault(this.metric, List.of());
    }
}
