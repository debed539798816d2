package ai.preceptor.cli.recipe;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.chart.Curve.Spread;
import ai.preceptor.cli.report.Figure;
import ai.preceptor.cli.report.FigureColumn;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MethodSeeds;
import ai.preceptor.cli.report.RewardOverKl;
import ai.preceptor.cli.report.SeedStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reward against KL: the final point of every method, and the path of policy optimization. A method that gets the same
 * reward nearer to the reference is the better one.
 */
final class Frontier {
    private final List<Line> ends = new ArrayList<>();
    private final List<Line> ways = new ArrayList<>();

    /** Adds where the methods ended, with intervals of the reward; those without one, or a divergence, cannot be drawn. */
    Frontier ends(List<MethodResult> results) {
        for (MethodResult result : results) {
            Figure reward = result.figure(FigureColumn.REWARD);
            Double kl = result.value(FigureColumn.KL);
            if (reward != null && kl != null) {
                double mean = reward.value();
                Double half = reward.half();
                double around = half == null ? 0 : half;
                ends.add(new Line(result.method(), List.of(new Point(kl, mean, mean - around, mean + around))));
            }
        }
        return this;
    }

    /** The same over seeds: means, with one sample standard deviation of the reward to either side. */
    Frontier means(List<MethodSeeds> methods) {
        for (MethodSeeds method : methods) {
            SeedStatistics reward = method.over(FigureColumn.REWARD);
            SeedStatistics kl = method.over(FigureColumn.KL);
            double deviation = reward.n() < 2 ? 0 : reward.deviation();
            Point point = new Point(kl.mean(), reward.mean(), reward.mean() - deviation, reward.mean() + deviation);
            Line line = new Line(method.method(), List.of(point));
            if (!line.points().isEmpty()) {
                ends.add(line);
            }
        }
        return this;
    }

    /**
     * Adds the way of a stage that wrote reward and divergence at every step.
     *
     * @param name without the seed
     * @param stages one, or one for each seed, whose mean is drawn with a band
     */
    Frontier way(String name, List<RecipeStage<?>> stages) {
        List<Point> points = RewardOverKl.way(columns(stages, RewardOverKl.REWARD), columns(stages, RewardOverKl.KL));
        if (!points.isEmpty()) {
            ways.add(new Line(name + " while training", points, Spread.BAND));
        }
        return this;
    }

    private static List<List<Point>> columns(List<RecipeStage<?>> stages, String metric) {
        return stages.stream()
                .map(stage -> stage.columns().getOrDefault(metric, List.of()))
                .toList();
    }

    Curve curve() {
        // The ends come last, so that no way covers them.
        return RewardOverKl.curve(Stream.concat(ways.stream(), ends.stream()).toList());
    }
}
