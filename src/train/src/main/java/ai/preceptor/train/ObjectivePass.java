package ai.preceptor.train;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.reference.Reference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feeds an {@link Objective}: log-probabilities of the model, and of the reference where it asks for them. */
public final class ObjectivePass<R> implements Pass<R> {

    private final Trainable model;
    private final PromptEncoder encoder;
    private final Objective<R> objective;
    private final @Nullable Reference<R> reference;

    /**
     * @param model a language model: its outputs are the targets' log-probabilities
     * @param reference gives the frozen reference's log-probabilities; may be null for an objective that reads none
     * @throws IllegalArgumentException when the objective reads a reference and there is none
     */
    public ObjectivePass(
            Trainable model, PromptEncoder encoder, Objective<R> objective, @Nullable Reference<R> reference) {
        if (objective.needsReference() && reference == null) {
            throw new IllegalArgumentException(
                    objective.name() + " compares with a frozen reference, but none was given");
        }
        this.model = model;
        this.encoder = encoder;
        this.objective = objective;
        this.reference = objective.needsReference() ? reference : null;
    }

    @Override
    public void pack(R row, PackedBatch.Builder into) {
        objective.pack(row, encoder, into);
    }

    @Override
    public int tokens(List<R> rows, PackedBatch batch) {
        return tokens(objective, rows, batch);
    }

    /** How many tokens of packed rows count in {@link Totals#tokens}. */
    public static <R> int tokens(Objective<R> objective, List<R> rows, PackedBatch batch) {
        int tokens = 0;
        int next = 0;
        for (R row : rows) {
            int end = next + objective.completions(row);
            tokens += objective.tokens(row, batch.spans().subList(next, end));
            next = end;
        }
        return tokens;
    }

    @Override
    public Map<String, String> parts() {
        return objective.parts();
    }

    @Override
    public Contribution run(List<R> rows, PackedBatch batch, Totals step) {
        float[] frozen = reference == null ? null : reference.logprobs(rows, batch);
        try (ForwardPass forward = model.forward(batch, objective.statistics())) {
            LossInputs<R> inputs = new LossInputs<>(
                    rows,
                    batch.spans(),
                    forward.outputs(),
                    frozen,
                    step,
                    objective.statistics().isEmpty() ? null : forward.statistics());
            objective.observe(inputs);
            LossReport report = objective.evaluate(inputs);
            forward.backward(report.gradient(), report.entropyGradient());
            return new Contribution(report.loss(), report.metrics());
        }
    }
}
