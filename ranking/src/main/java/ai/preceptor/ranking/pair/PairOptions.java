package ai.preceptor.ranking.pair;

import ai.preceptor.data.setting.Range;
import org.jspecify.annotations.Nullable;

/**
 * How a pairwise objective weighs tokens and pairs before its loss sees them.
 *
 * @param ldAlpha what the tokens of an answer count for that lie beyond the length of the shorter one of its pair, in [0,
 *     1]: LD-DPO (Liu et al. 2024, arXiv:2409.06411), against learning length; null for all alike
 * @param useWeighting whether each pair counts by how likely the policy is to write its answers itself: WPO (Zhou et al.
 *     2024, arXiv:2406.11827, eq. 2), {@code exp} of the token mean of {@code log p(token) - log sum p^2}, of both answers
 *     multiplied, as a constant in the gradient
 */
public record PairOptions(@Nullable Double ldAlpha, boolean useWeighting) {

    /** All tokens and all pairs count alike. */
    public static final PairOptions PLAIN = new PairOptions(null, false);

    /** @throws IllegalArgumentException if {@code ldAlpha} is not in [0, 1] */
    public PairOptions {
        if (ldAlpha != null) {
            Range.require("ld_alpha", ldAlpha, "[0, 1]");
        }
    }

    /** What a token beyond the shared length counts for. */
    double tail() {
        return ldAlpha == null ? 1 : ldAlpha;
    }
}
