package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Reward against KL: what policy optimization pays for its reward in divergence. Of two runs with the same reward, the one
 * nearer to the reference is the better one.
 */
public final class RewardOverKl {
    public static final String REWARD = "reward";
    public static final String KL = "objective/kl";
    /** Single steps are too noisy to draw; so many means of them show the way. */
    private static final int MOST_POINTS = 12;

    private RewardOverKl() {}

    /**
     * The way of a run that wrote both at every step; nothing for one that did not.
     *
     * @param rewards over steps
     * @param divergences over the same steps
     */
    public static List<Point> way(List<Point> rewards, List<Point> divergences) {
        List<Point> points = new ArrayList<>();
        if (rewards.isEmpty() || rewards.size() != divergences.size()) {
            return points;
        }
        int size = (rewards.size() + MOST_POINTS - 1) / MOST_POINTS;
        for (int from = 0; from < rewards.size(); from += size) {
            int to = Math.min(rewards.size(), from + size);
            points.add(new Point(mean(divergences.subList(from, to)), mean(rewards.subList(from, to))));
        }
        return points;
    }

    /** The picture. */
    public static Curve curve(List<Line> lines) {
        return new Curve("Reward over KL to the reference", "KL to the reference, nats per answer", REWARD, lines);
    }

    private static double mean(List<Point> points) {
        return points.stream().mapToDouble(Point::y).average().orElse(Double.NaN);
    }
}
