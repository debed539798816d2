package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.chart.Curve.Line;
import ai.preceptor.cli.chart.Curve.Point;
import java.util.List;

/**
 * Reward against KL: what policy optimization pays for its reward in divergence. Of two runs with the same reward, the one
 * nearer to the reference is the better one.
 */
public final class RewardOverKl {
    public static final String REWARD = "reward";
    public static final String KL = "objective/kl";
    /** Name and unit of the divergence on an axis. */
    public static final String KL_LABEL = "KL to the reference, nats per answer";

    private RewardOverKl() {}

    /**
     * The way of runs that wrote both at every step, in windows of a twelfth of the steps; nothing for runs that did not.
     *
     * @param rewards over steps, of runs that differ in their seed only
     * @param divergences over the same steps, of the same runs
     */
    public static List<Point> way(List<List<Point>> rewards, List<List<Point>> divergences) {
        return WindowMeans.TWELFTHS.of(divergences, rewards);
    }

    /** The picture. */
    public static Curve curve(List<Line> lines) {
        return new Curve("Reward over KL to the reference", KL_LABEL, REWARD, lines);
    }
}
