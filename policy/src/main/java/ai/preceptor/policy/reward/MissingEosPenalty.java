package ai.preceptor.policy.reward;

import ai.preceptor.data.FinishReason;
import ai.preceptor.train.Metric;

/**
 * Subtracts a number from the reward of every answer that did not end by itself.
 *
 * <pre>  r = score - penalty, where the last token is no end token</pre>
 *
 * <p>Source: {@code missing_eos_penalty} of TRL's PPO trainer (1.12). Metric: {@code shaping/missing_eos_penalty}, mean over
 * scored answers of what was subtracted.
 *
 * @param penalty 0 or more, in the scorer's unit
 */
public record MissingEosPenalty(double penalty) implements RewardShaping {
    /** @throws IllegalArgumentException if the penalty is negative or not finite */
    public MissingEosPenalty {
        if (!(penalty >= 0 && penalty < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("missing_eos_penalty: " + penalty + ", must be finite and 0 or more");
        }
    }

    @Override
    public RewardBatch shape(RewardBatch batch) {
        RewardBatch shaped =
                batch.withRewards(i -> ended(batch, i) ? batch.rewards()[i] : batch.rewards()[i] - penalty);
        double subtracted = 0;
        for (int i = 0; i < batch.answers().size(); i++) {
            subtracted += batch.isScored(i) && !ended(batch, i) ? penalty : 0;
        }
        return shaped.with("shaping/missing_eos_penalty", Metric.mean(subtracted, batch.scored()));
    }

    private static boolean ended(RewardBatch batch, int answer) {
        return batch.answers().get(answer).completion().finishReason() == FinishReason.STOP;
    }

    @Override
    public String name() {
        return "missing_eos_penalty=" + penalty;
    }
}
