package ai.preceptor.train.model;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import java.util.List;
import java.util.Map;

/**
 * An objective for a model that gives the targets' log-probabilities and nothing else of their distributions: the same loss and
 * derivative, without the metrics that need more ({@code entropy}, {@code logits/...}, {@code mean_token_accuracy}).
 *
 * @param <R> type of a row
 */
public final class LogprobObjective<R> implements Objective<R> {
    private final Objective<R> objective;

    /**
     * @param objective computes loss and derivative
     * @throws ConfigurationException naming the objective, if its loss is computed from more than log-probabilities
     */
    public LogprobObjective(Objective<R> objective) {
        if (!objective.lossStatistics().isEmpty()) {
            throw new ConfigurationException(
                    "loss " + objective.name() + ": expected one of token log-probabilities only,"
                            + " which is what this model gives; found one that also reads " + objective.lossStatistics()
                            + " of each token's distribution");
        }
        this.objective = objective;
    }

    @Override
    public String name() {
        return objective.name();
    }

    @Override
    public LoopSetting in(LoopSetting setting) {
        return objective.in(setting);
    }

    @Override
    public Map<String, String> parts() {
        return objective.parts();
    }

    @Override
    public void pack(R row, PromptEncoder encoder, PackedBatch.Builder into) {
        objective.pack(row, encoder, into);
    }

    @Override
    public int completions(R row) {
        return objective.completions(row);
    }

    @Override
    public boolean needsReference() {
        return objective.needsReference();
    }

    @Override
    public int tokens(R row, List<Span> spans) {
        return objective.tokens(row, spans);
    }

    @Override
    public void observe(LossInputs<R> in) {
        objective.observe(in);
    }

    /** @throws UnsupportedOperationException if the loss is differentiated through entropies */
    @Override
    public LossReport evaluate(LossInputs<R> in) {
        LossReport report = objective.evaluate(in);
        if (report.entropyGradient() != null) {
            throw new UnsupportedOperationException(name() + ": its loss has a derivative by entropies");
        }
        return report;
    }
}
