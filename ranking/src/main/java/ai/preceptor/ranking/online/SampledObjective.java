package ai.preceptor.ranking.online;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * An objective on sampled answers, as the tokens that were sampled.
 *
 * <p>It adds TRL's metrics of {@code OnlineDPOTrainer}, means over the answers learnt from: {@code objective/scores}, {@code
 * objective/entropy} (minus the answer's log-probability), and where the loss has a reference {@code objective/kl} (log-ratio
 * to it, an estimate of the KL) and {@code objective/non_score_reward} (minus the coefficient times that), {@code
 * objective/rlhf_reward} (score plus that), where the loss has such a coefficient. TRL sums the last four over padding too.
 *
 * @param objective what is optimized
 * @param klCoefficient of the pull to the reference; empty where the loss has none
 * @param <R> type of its rows
 */
record SampledObjective<R>(Objective<R> objective, OptionalDouble klCoefficient) implements Objective<SampledRow<R>> {
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
    public void pack(SampledRow<R> row, PromptEncoder encoder, PackedBatch.Builder into) {
        objective.pack(row.row(), row.tokens().over(encoder), into);
    }

    @Override
    public int completions(SampledRow<R> row) {
        return objective.completions(row.row());
    }

    @Override
    public boolean needsReference() {
        return objective.needsReference();
    }

    @Override
    public Set<TokenStatistic> statistics() {
        return objective.statistics();
    }

    @Override
    public int tokens(SampledRow<R> row, List<Span> spans) {
        return objective.tokens(row.row(), spans);
    }

    @Override
    public void observe(LossInputs<SampledRow<R>> in) {
        objective.observe(inner(in));
    }

    @SuppressWarnings("NullAway") // reads LossReport from a class file, where it misses that the array may be null
    @Override
    public LossReport evaluate(LossInputs<SampledRow<R>> in) {
        LossReport report = objective.evaluate(inner(in));
        Map<String, Metric> metrics = new LinkedHashMap<>(report.metrics());
        int next = 0;
        for (SampledRow<R> row : in.rows()) {
            int first = next + row.firstSpan();
            for (int i = 0; i < row.answers().size(); i++) {
                count(row.answers().get(i), in.spans().get(first + i), in, metrics);
            }
            next += completions(row);
        }
        return new LossReport(report.loss(), report.gradient(), report.entropyGradient(), metrics);
    }

    private void count(Trajectory answer, Span span, LossInputs<SampledRow<R>> in, Map<String, Metric> metrics) {
        double score = answer.score().value();
        double logp = span.sum(in.logprobs());
        mean(metrics, "objective/scores", score);
        mean(metrics, "objective/entropy", -logp);
        if (needsReference()) {
            double kl = logp - span.sum(in.requireReference());
            mean(metrics, "objective/kl", kl);
            klCoefficient.ifPresent(beta -> {
                mean(metrics, "objective/non_score_reward", -beta * kl);
                mean(metrics, "objective/rlhf_reward", score - beta * kl);
            });
        }
    }

    private static void mean(Map<String, Metric> metrics, String name, double value) {
        metrics.merge(name, Metric.mean(value, 1), Metric::merge);
    }

    @SuppressWarnings("NullAway") // reads LossInputs from a class file, where it misses that the array may be null
    private LossInputs<R> inner(LossInputs<SampledRow<R>> in) {
        return new LossInputs<>(
                in.rows().stream().map(SampledRow::row).toList(),
                in.spans(),
                in.logprobs(),
                in.reference(),
                in.step(),
                in.statistics());
    }
}
