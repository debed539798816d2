package ai.preceptor.cli.compare;

import ai.preceptor.cli.chart.Curve.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * A metric of the table.
 *
 * @param name in {@code metrics.jsonl}
 * @param better which of its values is the best
 */
record Headline(String name, Better better) {
    /** Those that tell most of a run, the most telling first; a table has those that some run has. */
    private static final List<Headline> TELLING = List.of(
            new Headline("reward", Better.HIGHER),
            new Headline("eval_reward", Better.HIGHER),
            new Headline("objective/kl", Better.NEITHER),
            new Headline("opd/reverse_kl", Better.LOWER),
            new Headline("accuracy", Better.HIGHER),
            new Headline("eval_accuracy", Better.HIGHER),
            new Headline("rewards/accuracies", Better.HIGHER),
            new Headline("eval_rewards/accuracies", Better.HIGHER),
            new Headline("rewards/margins", Better.NEITHER),
            new Headline("mean_token_accuracy", Better.HIGHER),
            new Headline("eval_mean_token_accuracy", Better.HIGHER),
            new Headline("eval_loss", Better.LOWER),
            new Headline("loss", Better.LOWER));

    private static final int MOST = 4;

    /** Which value of a metric is its best. */
    enum Better {
        HIGHER,
        LOWER,
        /** A metric that is not to be as high or as low as possible. */
        NEITHER
    }

    /** The first few of those that tell most among metrics that there are. */
    static List<Headline> among(Set<String> metrics) {
        List<Headline> found = new ArrayList<>();
        for (Headline headline : TELLING) {
            // The loss of policy optimization is near 0 whatever is learnt.
            boolean says = !headline.name().equals("loss") || !metrics.contains("reward");
            if (says && metrics.contains(headline.name()) && found.size() < MOST) {
                found.add(headline);
            }
        }
        return found;
    }

    /** The metric of that name, which may be any. */
    static Headline named(String name) {
        return TELLING.stream()
                .filter(headline -> headline.name().equals(name))
                .findFirst()
                .orElse(new Headline(name, Better.NEITHER));
    }

    /** The best value; none where there is no such thing. */
    OptionalDouble best(List<Point> points) {
        DoubleStream values = points.stream().mapToDouble(Point::y).filter(Double::isFinite);
        return switch (better) {
            case HIGHER -> values.max();
            case LOWER -> values.min();
            case NEITHER -> OptionalDouble.empty();
        };
    }
}
