package ai.preceptor.policy.reward;

import ai.preceptor.data.FinishReason;
import ai.preceptor.train.Metric;

/**
 * Leaves answers that did not end by themselves out of the loss: their reward judges the cut and not the answer. They stay
 * in their group's baseline.
 *
 * <p>Source: TRL's {@code mask_truncated_completions}; Yu et al. 2025, DAPO, arXiv:2503.14476, section 3.4 (overlong
 * filtering). Metric: {@code shaping/truncated_masked_ratio}, share of answers left out.
 */
public record TruncationMask() implements RewardShaping {
    @Override
    public RewardBatch shape(RewardBatch batch) {
        long cut = batch.answers().stream()
                .filter(one -> one.completion().finishReason() != FinishReason.STOP)
                .count();
        return batch.without(i -> batch.answers().get(i).completion().finishReason() != FinishReason.STOP)
                .with(
                        "shaping/truncated_masked_ratio",
                        Metric.mean((double) cut, batch.answers().size()));
    }

    @Override
    public String name() {
        return "truncation_mask";
    }
}
