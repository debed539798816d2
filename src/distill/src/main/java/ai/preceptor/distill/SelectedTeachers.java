package ai.preceptor.distill;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Totals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several teachers, of which each row has one: the rows of a micro-batch go through the student in groups, each with its
 * teacher. A step is the same as if all rows had gone together, since shares of a step add up.
 *
 * <p>Metrics: those of each pass, over all rows, and each divergence from each teacher as {@code teacher_N/KEY}.
 *
 * @param passes one a teacher, by its number
 */
public record SelectedTeachers(List<DistillationPass> passes) implements MeasuredPass {

    /** Runs a part of a micro-batch through one teacher's pass. */
    private interface Run {
        Contribution of(DistillationPass pass, List<TokenRow> rows, PackedBatch batch);
    }

    @Override
    public void pack(TokenRow row, PackedBatch.Builder into) {
        row.packInto(into);
    }

    @Override
    public Contribution run(List<TokenRow> rows, PackedBatch batch, Totals step) {
        return inGroups(rows, batch, (pass, own, packed) -> pass.run(own, packed, step));
    }

    @Override
    public Contribution measure(List<TokenRow> rows, PackedBatch batch, Totals step) {
        return inGroups(rows, batch, (pass, own, packed) -> pass.measure(own, packed, step));
    }

    private Contribution inGroups(List<TokenRow> rows, PackedBatch batch, Run run) {
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        for (int teacher = 0; teacher < passes.size(); teacher++) {
            List<TokenRow> own = new ArrayList<>();
            for (TokenRow row : rows) {
                if (row.view().teacher() == teacher) {
                    own.add(row);
                }
            }
            if (own.isEmpty()) {
                continue;
            }
            Contribution part = run.of(passes.get(teacher), own, own.size() == rows.size() ? batch : packed(own));
            loss += part.loss();
            metrics = Metric.merge(metrics, part.metrics());
            for (String key : passes.get(teacher).divergences()) {
                Metric divergence = part.metrics().get(key);
                if (divergence != null) {
                    metrics.put("teacher_" + teacher + "/" + key, divergence);
                }
            }
        }
        return new Contribution(loss, metrics);
    }

    private PackedBatch packed(List<TokenRow> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> pack(row, builder));
        return builder.build();
    }
}
