package ai.preceptor.train;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.List;
import java.util.Map;

/**
 * Feeds a {@link RewardObjective}: one reward an answer.
 *
 * @param model a reward model: its outputs are the rewards of the answers
 */
public record RewardObjectivePass<R>(Trainable model, PromptEncoder encoder, RewardObjective<R> objective)
        implements Pass<R> {
    @Override
    public void pack(R row, PackedBatch.Builder into) {
        objective.pack(row, encoder, into);
    }

    @Override
    public Map<String, String> parts() {
        return objective.parts();
    }

    @Override
    public Contribution run(List<R> rows, PackedBatch batch, Totals step) {
        try (ForwardPass forward = model.forward(batch)) {
            RewardLossReport report = objective.evaluate(rows, forward.outputs(), step);
            forward.backward(report.gradient());
            return new Contribution(report.loss(), report.metrics());
        }
    }
}
