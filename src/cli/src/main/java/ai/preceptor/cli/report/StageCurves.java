package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.train.experiment.Headline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The charts of one stage. Headline metrics come first. Metrics of one family ({@code rewards/chosen}, {@code
 * rewards/rejected}) share a chart if they have the same unit. Constants are named, not drawn.
 */
final class StageCurves {
    private static final String HELD_OUT = "eval_";
    private static final List<String> LOOP = List.of("loss", "grad_norm", "learning_rate");
    private static final String SCORES = "objective/scores";
    private static final int MOST_HEADLINES = 4;
    /** Families whose metrics have nothing in common but the name. */
    private static final Set<String> MIXED =
            Set.of("val", "loss", "policy", "opd", "dynamic_sampling", "tools", "shaping", "answers", "prompts");

    private static final Pattern TIME = Pattern.compile(".*_time");
    /** How the last part of a name tells the unit. */
    private static final Map<String, Pattern> UNITS = units();

    private final List<String> headlines;
    private final Map<String, List<Point>> drawn = new LinkedHashMap<>();
    private final NotDrawn notDrawn = new NotDrawn();
    private final Curve overKl;

    StageCurves(String command, Map<String, List<Point>> columns) {
        this.headlines = Headline.among(command, columns.keySet(), Integer.MAX_VALUE).stream()
                .map(Headline::name)
                .filter(name -> !name.startsWith(HELD_OUT))
                .limit(MOST_HEADLINES)
                .toList();
        this.overKl = overKl(columns);
        Map<String, List<Point>> metrics = new LinkedHashMap<>();
        headlines.forEach(name -> metrics.put(name, columns.getOrDefault(name, List.of())));
        columns.forEach(metrics::putIfAbsent);
        metrics.forEach((name, points) -> add(name, points, columns));
    }

    private static Map<String, Pattern> units() {
        Map<String, Pattern> units = new LinkedHashMap<>();
        units.put(
                "share", Pattern.compile("(frac|clipfrac)_.*|.*_(ratio|rate|accuracy|accuracies)|accuracy|accuracies"));
        units.put("tokens", Pattern.compile(".*_length"));
        units.put("score", Pattern.compile(".*(reward|scores).*"));
        return units;
    }

    private void add(String name, List<Point> points, Map<String, List<Point>> columns) {
        if (MetricsFile.AXES.contains(name) || isInterval(name, columns)) {
            return;
        }
        if (notDrawn.isConstant(name, points)) {
            return;
        }
        for (Map.Entry<String, List<Point>> other : drawn.entrySet()) {
            if (points.size() > 1 && same(other.getValue(), points)) {
                notDrawn.same(name, other.getKey());
                return;
            }
        }
        drawn.put(name, withInterval(name, points, columns));
    }

    private static boolean same(List<Point> one, List<Point> other) {
        return one.size() == other.size()
                && IntStream.range(0, one.size())
                        .allMatch(i -> one.get(i).x() == other.get(i).x()
                                && one.get(i).y() == other.get(i).y());
    }

    /** Whether it is the end of another's interval. */
    private static boolean isInterval(String name, Map<String, List<Point>> columns) {
        int end = name.lastIndexOf('_');
        return name.startsWith(HELD_OUT)
                && (name.endsWith("_low") || name.endsWith("_high"))
                && columns.containsKey(name.substring(0, end));
    }

    private static List<Point> withInterval(String name, List<Point> points, Map<String, List<Point>> columns) {
        List<Point> low = columns.getOrDefault(name + "_low", List.of());
        List<Point> high = columns.getOrDefault(name + "_high", List.of());
        if (!name.startsWith(HELD_OUT) || low.size() != points.size() || high.size() != points.size()) {
            return points;
        }
        List<Point> with = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            with.add(new Point(point.x(), point.y(), low.get(i).y(), high.get(i).y()));
        }
        return with;
    }

    /** The way of a run that has rewards and a KL; without lines for another. */
    private static Curve overKl(Map<String, List<Point>> columns) {
        List<Point> rewards = columns.getOrDefault(SCORES, columns.getOrDefault(RewardOverKl.REWARD, List.of()));
        List<Point> way = RewardOverKl.way(List.of(rewards), List.of(columns.getOrDefault(RewardOverKl.KL, List.of())));
        if (way.size() < 2) {
            return RewardOverKl.curve(List.of());
        }
        return RewardOverKl.curve(List.of(
                new Line("while training", way),
                new Line("start", List.of(way.get(0))),
                new Line("end", List.of(way.get(way.size() - 1)))));
    }

    boolean hasRewardOverKl() {
        return !overKl.lines().isEmpty();
    }

    /** Charts of the headline metrics, with those of held-out rows in the same ones; reward over KL is the third. */
    List<Curve> headline() {
        List<Curve> curves = new ArrayList<>();
        for (String name : headlines) {
            if (drawn.containsKey(name)) {
                curves.add(alone(name));
            }
        }
        curves.add(Math.min(2, curves.size()), overKl);
        return curves;
    }

    /** A chart of one metric, and beside it the same of held-out rows. */
    private Curve alone(String name) {
        List<Line> lines = new ArrayList<>(List.of(line(name)));
        if (drawn.containsKey(HELD_OUT + name)) {
            lines.add(line(HELD_OUT + name));
        }
        return new Curve(name, "step", name, lines);
    }

    private Line line(String name) {
        return new Line(name, drawn.getOrDefault(name, List.of()));
    }

    /** Charts of all other metrics: those of the loop, families, times. */
    List<Curve> others() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        LOOP.forEach(metric -> groups.put(metric, new ArrayList<>()));
        for (String name : drawn.keySet()) {
            String training = name.startsWith(HELD_OUT) ? name.substring(HELD_OUT.length()) : name;
            if (!(headlines.contains(training) && drawn.containsKey(training)) && !isTime(name)) {
                String group = group(drawn.containsKey(training) ? training : name);
                groups.computeIfAbsent(group, title -> new ArrayList<>()).add(name);
            }
        }
        groups.put(
                "time: seconds",
                drawn.keySet().stream().filter(StageCurves::isTime).toList());
        List<Curve> curves = new ArrayList<>();
        groups.forEach((title, names) -> {
            String shown = names.size() == 1 ? names.get(0) : title;
            int unit = title.lastIndexOf(": ");
            curves.add(new Curve(
                    shown,
                    "step",
                    unit < 0 ? shown : title.substring(unit + 2),
                    names.stream().map(this::line).toList()));
        });
        return curves;
    }

    private static boolean isTime(String name) {
        return TIME.matcher(name).matches();
    }

    /** What a chart is called that has this metric: its family, and its unit where the name tells it. */
    private static String group(String name) {
        int slash = name.lastIndexOf('/');
        if (slash < 0 || MIXED.contains(name.substring(0, slash))) {
            return name;
        }
        String last = name.substring(slash + 1);
        String unit = UNITS.entrySet().stream()
                .filter(each -> each.getValue().matcher(last).matches())
                .map(each -> ": " + each.getKey())
                .findFirst()
                .orElse("");
        return name.substring(0, slash) + unit;
    }

    /** Names of what has no line, and why. */
    String note() {
        return notDrawn.note();
    }
}
