package ai.preceptor.policy.reward;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is done with the scores of a batch before they become advantages: penalties that depend on the answer's tokens,
 * bounds, answers that are left out. Pure: the same batch gives the same, whatever came before.
 *
 * <p>The raw score stays the metric {@code reward} and what {@code samples.jsonl} says; the KL penalty is subtracted
 * afterwards.
 */
public interface RewardShaping {
    /** Leaves everything as it is. */
    RewardShaping NONE = new RewardShaping() {
        @Override
        public RewardBatch shape(RewardBatch batch) {
            return batch;
        }

        @Override
        public String name() {
            return "none";
        }
    };

    /**
     * Shapes the rewards of a batch.
     *
     * @param batch at least one answer; not changed
     * @return the same answers in the same order. What was unscored is unscored, and all else is finite; an answer that
     *     did not count does not count
     */
    RewardBatch shape(RewardBatch batch);

    /**
     * By what a run's checkpoints know it: going on with another one is refused. Name the settings too that change what
     * comes out.
     */
    String name();

    /** All of them, one after the other. */
    static RewardShaping all(List<RewardShaping> parts) {
        List<RewardShaping> each = List.copyOf(parts);
        if (each.isEmpty()) {
            return NONE;
        }
        return new RewardShaping() {
            @Override
            public RewardBatch shape(RewardBatch batch) {
                RewardBatch shaped = batch;
                for (RewardShaping one : each) {
                    shaped = one.shape(shaped);
                }
                return shaped;
            }

            @Override
            public String name() {
                return each.stream().map(RewardShaping::name).collect(Collectors.joining(" "));
            }
        };
    }
}
