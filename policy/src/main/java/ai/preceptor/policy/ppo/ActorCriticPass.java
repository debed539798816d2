package ai.preceptor.policy.ppo;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.policy.Experience;
import ai.preceptor.policy.PolicyPass;
import ai.preceptor.policy.critic.Critic;
import ai.preceptor.policy.critic.ValueLoss;
import ai.preceptor.policy.critic.ValueTargets;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One micro-batch of PPO: the policy's pass, then the critic's over the same tokens. The loss is the policy's; {@code
 * loss/policy_avg}, {@code loss/value_avg} and {@code val/clipfrac_avg} are metrics.
 *
 * @param policy the policy's part
 * @param critic gets gradients of its own
 * @param loss what they are of: the mean over the step's tokens
 */
public record ActorCriticPass(PolicyPass policy, Critic critic, ValueLoss loss) implements Pass<Experience> {
    @Override
    public void pack(Experience row, PackedBatch.Builder into) {
        policy.pack(row, into);
    }

    @Override
    public int tokens(List<Experience> rows, PackedBatch batch) {
        return policy.tokens(rows, batch);
    }

    /** Names the critic too. */
    @Override
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>(policy.parts());
        parts.put("critic", critic.name());
        return parts;
    }

    @Override
    public Contribution run(List<Experience> rows, PackedBatch batch, Totals step) {
        Contribution own = policy.run(rows, batch, step);
        int tokens = tokens(rows, batch);
        Map<String, Metric> metrics = new LinkedHashMap<>(own.metrics());
        metrics.put("loss/policy_avg", share(own.loss(), tokens, step));
        metrics.putAll(learnValues(rows, batch, tokens, step));
        return new Contribution(own.loss(), metrics);
    }

    private Map<String, Metric> learnValues(List<Experience> rows, PackedBatch batch, int tokens, Totals step) {
        double total = 0;
        int clipped = 0;
        try (ForwardPass forward = critic.forward(batch)) {
            float[] values = forward.outputs();
            float[] gradient = new float[values.length];
            for (int i = 0; i < rows.size(); i++) {
                if (!rows.get(i).counts()) {
                    continue;
                }
                Span span = batch.spans().get(i);
                ValueLoss.Term term = loss.evaluate(
                        Arrays.copyOfRange(values, span.from(), span.to()), targets(rows.get(i)), 1.0 / step.tokens());
                for (int t = 0; t < span.length(); t++) {
                    gradient[span.from() + t] = (float) term.gradient()[t];
                }
                total += term.loss();
                clipped += term.clipped();
            }
            forward.backward(gradient);
        }
        return Map.of(
                "loss/value_avg", share(total, tokens, step),
                "val/clipfrac_avg", Metric.mean(clipped, tokens));
    }

    private static ValueTargets targets(Experience row) {
        ValueTargets targets = row.values();
        if (targets == null) {
            throw new IllegalArgumentException("values: none with an answer, must be a critic's, with returns");
        }
        return targets;
    }

    /** Adds up over a step's micro-batches to the loss of the step: weights by tokens cancel. */
    private static Metric share(double loss, int tokens, Totals step) {
        return Metric.mean(loss * step.tokens(), tokens);
    }
}
