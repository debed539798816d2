package ai.preceptor.run;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Totals;
import ai.preceptor.train.reference.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The loss of an objective on rows that are not trained on. */
public record HeldOutLoss<R>(
        Objective<R> objective,
        PromptEncoder encoder,
        @Nullable Reference<R> reference) {
    /** Over all rows, by transformers' names: {@code eval_loss} and the objective's metrics, {@code eval_NAME}. */
    public Map<String, Double> measure(LanguageModel model, List<R> rows, int batchSize) {
        List<List<R>> parts = new ArrayList<>();
        List<PackedBatch> batches = new ArrayList<>();
        int targets = 0;
        for (int from = 0; from < rows.size(); from += batchSize) {
            List<R> part = rows.subList(from, Math.min(rows.size(), from + batchSize));
            PackedBatch.Builder builder = PackedBatch.builder();
            part.forEach(row -> objective.pack(row, encoder, builder));
            PackedBatch batch = builder.build();
            parts.add(part);
            batches.add(batch);
            targets += ObjectivePass.tokens(objective, part, batch);
        }
        Totals totals = new Totals(rows.size(), targets);
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            LossReport report = objective.evaluate(inputs(model, parts.get(i), batches.get(i), totals));
            loss += report.loss();
            metrics = Metric.merge(metrics, report.metrics());
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("eval_loss", loss);
        metrics.forEach((name, metric) -> values.put("eval_" + name, metric.value()));
        return values;
    }

    @SuppressWarnings("NullAway") // reads LossInputs from a class file, where it misses that the array may be null
    private LossInputs<R> inputs(LanguageModel model, List<R> rows, PackedBatch batch, Totals totals) {
        float[] frozen = objective.needsReference() && reference != null ? reference.logprobs(rows, batch) : null;
        try (ForwardPass pass = model.inspect(batch, objective.statistics())) {
            return new LossInputs<>(rows, batch.spans(), pass.outputs(), frozen, totals, pass.statistics());
        }
    }
}
