package ai.preceptor.teacher;

import java.util.Collections;
import java.util.List;

/** Counts what a judge does; for any number of threads. */
public final class JudgeTally implements JudgeStats.Source {
    private JudgeStats stats = JudgeStats.NONE;

    /** A question was asked. */
    public void question(boolean decided) {
        add(new JudgeStats(1, decided ? 0 : 1, PositionBias.NONE_SEEN, 0, 0));
    }

    /**
     * Votes on one question; a single one says nothing and is not counted.
     *
     * @param votes those that could be read; equal ones agree
     */
    public void votes(List<?> votes) {
        if (votes.size() > 1) {
            int most = votes.stream()
                    .mapToInt(vote -> Collections.frequency(votes, vote))
                    .max()
                    .orElseThrow();
            add(new JudgeStats(0, 0, PositionBias.NONE_SEEN, 1, (double) most / votes.size()));
        }
    }

    /**
     * A comparison was decided in both orders.
     *
     * @param first preference for the answer that came first, in [0, 1]
     * @param turned preference for the answer that came first when the order was turned round
     */
    public void orders(double first, double turned) {
        add(new JudgeStats(0, 0, PositionBias.NONE_SEEN.plus(first, turned), 0, 0));
    }

    private synchronized void add(JudgeStats more) {
        stats = stats.plus(more);
    }

    @Override
    public synchronized JudgeStats stats() {
        return stats;
    }
}
