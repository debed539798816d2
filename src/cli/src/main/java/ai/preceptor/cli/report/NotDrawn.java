package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Metrics that have no chart, because a sentence says as much. */
public final class NotDrawn {
    private final List<String> reasons = new ArrayList<>();

    /**
     * Notes a metric that has one value throughout.
     *
     * @param points of all its lines; a single one is drawn
     * @return whether it has
     */
    public boolean isConstant(String name, List<Point> points) {
        boolean constant = points.size() > 1
                && points.stream().mapToDouble(Point::y).distinct().count() == 1;
        if (constant) {
            reasons.add(
                    String.format(Locale.ROOT, "%s is %.4g", name, points.get(0).y()));
        }
        return constant;
    }

    /** Notes a metric that has the points of another. */
    void same(String name, String other) {
        reasons.add(name + " equals " + other);
    }

    /** All of them; empty for none. */
    public String note() {
        return reasons.isEmpty() ? "" : "Not drawn: " + String.join(", ", reasons) + ".";
    }
}
