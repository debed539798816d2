package ai.preceptor.train;

import ai.preceptor.lm.Encoder;
import ai.preceptor.lm.PackedBatch;
import java.util.List;

/** Feeds a {@link RewardObjective}: one reward an answer. */
public final class ScalarPass<R> implements Pass<R> {

    private final ScalarModel model;
    private final Encoder encoder;
    private final RewardObjective<R> objective;

    public ScalarPass(ScalarModel model, Encoder encoder, RewardObjective<R> objective) {
        this.model = model;
        this.encoder = encoder;
        this.objective = objective;
    }

    @Override
    public void pack(R row, PackedBatch.Builder into) {
        objective.pack(row, encoder, into);
    }

    @Override
    public Contribution run(List<R> rows, PackedBatch batch, Totals step) {
        try (ScalarModel.ScalarForward forward = model.forward(batch)) {
            RewardLossReport report = objective.evaluate(rows, forward.rewards(), step);
            forward.backward(report.gradient());
            return new Contribution(report.loss(), report.metrics());
        }
    }
}
