package ai.preceptor.train;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.List;
import java.util.Map;

/** Pulls the reward of the one-token answer that a row names towards 2: {@code L = sum (r - 2)^2 / 2 / rows}. */
final class TowardsTwo implements RewardObjective<Integer> {

    @Override
    public String name() {
        return "towards two";
    }

    @Override
    public void pack(Integer row, PromptEncoder encoder, PackedBatch.Builder into) {
        into.prompt(new int[] {0});
        into.answer(new int[] {3, row});
    }

    @Override
    public int completions(Integer row) {
        return 1;
    }

    @Override
    public RewardLossReport evaluate(List<Integer> rows, float[] rewards, Totals step) {
        double loss = 0;
        double sum = 0;
        float[] gradient = new float[rewards.length];
        for (int i = 0; i < rewards.length; i++) {
            loss += (rewards[i] - 2) * (rewards[i] - 2) / 2 / step.rows();
            gradient[i] = (rewards[i] - 2) / step.rows();
            sum += rewards[i];
        }
        return new RewardLossReport(loss, gradient, Map.of("mean_reward", Metric.mean(sum, rewards.length)));
    }
}
