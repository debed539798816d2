package ai.preceptor.policy.reward;

import ai.preceptor.train.Metric;

/**
 * Subtracts more from the reward the nearer an answer's length is to the limit, so that an answer which is only a little
 * too long is not judged by the cut.
 *
 * <pre>  r = score + factor R(n)
 *  R(n) = 0 for n at most L - b,  (L - b - n) / b above,  -1 for n above L</pre>
 *
 * <p>with n the answer's tokens, the stop token included, L the limit and b the buffer before it. Source: Yu et al. 2025,
 * DAPO, arXiv:2503.14476, equation 13; the factor is verl's {@code overlong_buffer.penalty_factor}. Metric: {@code
 * shaping/overlong_penalty}, mean over scored answers of what was subtracted.
 *
 * @param limit L, tokens: {@code max_completion_length}
 * @param buffer b, tokens: 1 to {@code limit}
 * @param factor above 0, in the scorer's unit
 */
public record SoftOverlongPunishment(int limit, int buffer, double factor) implements RewardShaping {
    /** @throws IllegalArgumentException if the buffer is not within the limit, or the factor not above 0 and finite */
    public SoftOverlongPunishment {
        if (buffer < 1 || buffer > limit) {
            throw new IllegalArgumentException(
                    "overlong_buffer_len: " + buffer + ", must be in [1, max_completion_length " + limit + "]");
        }
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("overlong_penalty_factor: " + factor + ", must be finite and above 0");
        }
    }

    @Override
    public RewardBatch shape(RewardBatch batch) {
        double subtracted = 0;
        for (int i = 0; i < batch.answers().size(); i++) {
            subtracted += batch.isScored(i) ? penalty(length(batch, i)) : 0;
        }
        return batch.withRewards(i -> batch.rewards()[i] - penalty(length(batch, i)))
                .with("shaping/overlong_penalty", Metric.mean(subtracted, batch.scored()));
    }

    private static int length(RewardBatch batch, int answer) {
        return batch.answers().get(answer).completion().length();
    }

    private double penalty(int length) {
        int exceeded = Math.max(0, length - (limit - buffer));
        return factor * Math.min(1, (double) exceeded / buffer);
    }

    @Override
    public String name() {
        return "overlong=" + limit + "," + buffer + "," + factor;
    }
}
