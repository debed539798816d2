package ai.preceptor.policy.loss;

import ai.preceptor.train.Metric;
import java.util.Arrays;
import java.util.Map;

/**
 * The ratio of new to old policy, capped: {@code min(r, max)}. Unlike with {@link RatioClip}, a token beyond the bound
 * still teaches, with the bound as its weight. Source: MiniMax-M1 2025, CISPO, arXiv:2506.13585, as in TRL, without a
 * lower bound; ScaleRL, arXiv:2510.13786, has {@code max} 5.
 *
 * <p>Metric: {@code cispo_clip_ratio}, share of tokens (of answers, where they share a ratio) of positive advantage whose
 * ratio is capped.
 *
 * @param level on what the ratio is taken
 * @param max largest weight, above 0; an absolute ratio, not a distance to 1
 */
public record CappedRatio(RatioLevel level, double max) implements ImportanceWeights {

    /** @throws IllegalArgumentException if {@code max} is not above 0 */
    public CappedRatio {
        if (!(max > 0) || Double.isInfinite(max)) {
            throw new IllegalArgumentException("epsilon_high: " + max + ", must be finite and above 0");
        }
    }

    @Override
    public String name() {
        return level.name() + "-capped_ratio";
    }

    @Override
    public boolean isShared() {
        return level.isShared();
    }

    @Override
    public Weighed of(SampledTokens answer) {
        double[] ratios = level.ratios(answer.logratios());
        int capped = 0;
        for (int t = 0; t < ratios.length; t++) {
            capped += ratios[t] > max && answer.advantages()[t] > 0 ? 1 : 0;
        }
        double weight = isShared() ? 1 : ratios.length;
        double[] values = Arrays.stream(ratios).map(r -> Math.min(r, max)).toArray();
        return new Weighed(values, Map.of("cispo_clip_ratio", Metric.mean(capped * weight / ratios.length, weight)));
    }
}
