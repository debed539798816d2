package ai.preceptor.ranking.online;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pass over online rows: what was told of their sampling appears with the first micro-batch that learns from them.
 *
 * @param pass runs the objective
 * @param rows where the rows come from
 * @param <R> type of a row of the method's objective
 */
public record OnlinePass<R>(Pass<SampledRow<R>> pass, OnlineRows<R> rows) implements Pass<SampledRow<R>> {
    @Override
    public void pack(SampledRow<R> row, PackedBatch.Builder into) {
        pass.pack(row, into);
    }

    @Override
    public int tokens(List<SampledRow<R>> some, PackedBatch batch) {
        return pass.tokens(some, batch);
    }

    /** Names the scorer too. */
    @Override
    public Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>(pass.parts());
        parts.put("scorer", rows.scorer());
        return parts;
    }

    @Override
    public Contribution run(List<SampledRow<R>> some, PackedBatch batch, Totals step) {
        Contribution own = pass.run(some, batch, step);
        return new Contribution(own.loss(), Metric.merge(rows.takeMetrics(), own.metrics()));
    }
}
