package ai.preceptor.train;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import java.util.List;
import java.util.Map;

/** Feeds a {@link RewardObjective}: one reward an answer. */
public final class RewardObjectivePass<R> implements Pass<R> {

    private final Trainable model;
    private final PromptEncoder encoder;
    private final RewardObjective<R> objective;

    /** @param model a reward model: its outputs are the rewards of the answers */
    public RewardObjectivePass(Trainable model, PromptEncoder encoder, RewardObjective<R> objective) {
        this.model = model;
        this.encoder = encoder;
        this.objective = objective;
    }

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
