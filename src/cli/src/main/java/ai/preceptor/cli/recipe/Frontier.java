package ai.preceptor.cli.recipe;

import ai.preceptor.cli.report.Curve;
import ai.preceptor.cli.report.Curve.Line;
import ai.preceptor.cli.report.Curve.Point;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.MetricsFile;
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
    private static final String REWARD = "reward";
    private static final String KL = "objective/kl";
    /** Single steps are too noisy to draw; so many means of them show the way. */
    private static final int MOST_POINTS = 12;

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
        List<Point> rewards = columns.getOrDefault(REWARD, List.of());
        List<Point> divergences = columns.getOrDefault(KL, List.of());
        if (rewards.isEmpty() || rewards.size() != divergences.size()) {
            return this;
        }
        List<Point> points = new ArrayList<>();
        int size = (rewards.size() + MOST_POINTS - 1) / MOST_POINTS;
        for (int from = 0; from < rewards.size(); from += size) {
            int to = Math.min(rewards.size(), from + size);
            points.add(new Point(mean(divergences.subList(from, to)), mean(rewards.subList(from, to))));
        }
        lines.add(new Line(stage.name() + " while training", points));
        return this;
    }

    Curve curve() {
        return new Curve(
                "Reward over divergence from the initial model",
                "KL to the initial model, nats per answer",
                "reward",
                lines);
    }

    private static double mean(List<Point> points) {
        return points.stream().mapToDouble(Point::y).average().orElse(Double.NaN);
    }
}
