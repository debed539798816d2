package ai.preceptor.lm;

import java.util.Map;

/**
 * Statistics of the next-token distributions of a pass's targets.
 *
 * @param top1 {@code [targets]}: 1 where the target is the most probable token, else 0
 * @param values {@code [targets]} of each statistic that was asked for: entropies in nats, logarithms, logits
 */
public record TokenStatistics(float[] top1, Map<TokenStatistic, float[]> values) {

    /** Keeps an unmodifiable copy of the map. */
    public TokenStatistics {
        values = Map.copyOf(values);
    }

    /**
     * The numbers of one statistic, {@code [targets]}.
     *
     * @throws IllegalStateException if it was not asked for
     */
    public float[] of(TokenStatistic statistic) {
        float[] found = values.get(statistic);
        if (found == null) {
            throw new IllegalStateException(
                    "token statistics: " + statistic + " was not asked for, only " + values.keySet());
        }
        return found;
    }
}
