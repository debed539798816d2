package ai.preceptor.cli.recipe;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MetricsFile;
import ai.preceptor.cli.report.RewardOverKl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reward against KL: the final point of every method, and the path of policy optimization. A method that gets the same
 * reward nearer to the reference is the better one.
 */
final class Frontier {
    private final List<Line> lines = new ArrayList<>();

    /** Adds where the methods ended; those without a reward or a divergence cannot be drawn. */
    Frontier ends(List<MethodResult> results) {
        for (MethodResult result : results) {
            Double reward = result.reward();
            Double kl = result.kl();
            if (reward != null && kl != null) {
                lines.add(new Line(result.method(), List.of(new Point(kl, reward))));
            }
        }
        return this;
    }

    /** Adds the way of a stage that wrote reward and divergence at every step. */
    Frontier way(RecipeStage<?> stage) {
        Path file = stage.directory().resolve("metrics.jsonl");
        if (!Files.exists(file)) {
            return this;
        }
        Map<String, List<Point>> columns = new MetricsFile(file).columns();
        List<Point> points = RewardOverKl.way(
                columns.getOrDefault(RewardOverKl.REWARD, List.of()), columns.getOrDefault(RewardOverKl.KL, List.of()));
        if (!points.isEmpty()) {
            lines.add(new Line(stage.name() + " while training", points));
        }
        return this;
    }

    Curve curve() {
        return RewardOverKl.curve(lines);
    }
}
