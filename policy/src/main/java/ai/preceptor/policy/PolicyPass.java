package ai.preceptor.policy;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Metric;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.Trainable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One micro-batch of a policy step, with the current coefficient of the KL in the loss. The metrics of a batch of
 * experience appear with the first step that learns from it.
 *
 * @param model the policy
 * @param encoder its own
 * @param objective what is optimized
 * @param learner where the rows come from
 */
public record PolicyPass(Trainable model, PromptEncoder encoder, PolicyObjective objective, PolicyLearner learner)
        implements Pass<Experience> {
    @Override
    public void pack(Experience row, PackedBatch.Builder into) {
        objective.pack(row, encoder, into);
    }

    @Override
    public int tokens(List<Experience> rows, PackedBatch batch) {
        return ObjectivePass.tokens(objective, rows, batch);
    }

    /** Names the loss, and what makes advantages of scores. */
    @Override
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>(learner.parts());
        parts.putAll(objective.parts());
        return parts;
    }

    @Override
    public Contribution run(List<Experience> rows, PackedBatch batch, Totals step) {
        PolicyObjective now = objective.with(learner.lossBeta(), learner.entropyCoefficient());
        Contribution own = new ObjectivePass<>(model, encoder, now, null).run(rows, batch, step);
        return new Contribution(own.loss(), Metric.merge(learner.takeMetrics(), own.metrics()));
    }
}
