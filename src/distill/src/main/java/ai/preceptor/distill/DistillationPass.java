package ai.preceptor.distill;

import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.lm.ComparedTokens;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Feeds a {@link DistillationLoss}: whole next-token distributions of student and teacher, a chunk of tokens at a time.
 *
 * <p>Metrics, means over the loss tokens of the step: each divergence under its key, unweighted; {@code nll_loss},
 * {@code entropy}, {@code mean_token_accuracy} of the student.
 */
public final class DistillationPass implements Pass<TokenRow> {

    private final LanguageModel student;
    private final DistributionSource teacher;
    private final DistillationLoss loss;
    private final HiddenMatch hidden;

    /** For a loss without hidden states. */
    public DistillationPass(LanguageModel student, DistributionSource teacher, DistillationLoss loss) {
        this(student, teacher, loss, HiddenMatch.NONE);
    }

    /**
     * @param student whose gradients are left in its parameters; some optimizer's
     * @param hidden of the loss's hidden states
     */
    public DistillationPass(
            LanguageModel student, DistributionSource teacher, DistillationLoss loss, HiddenMatch hidden) {
        this.student = student;
        this.teacher = teacher;
        this.loss = loss;
        this.hidden = hidden;
    }

    @Override
    public void pack(TokenRow row, PackedBatch.Builder into) {
        row.packInto(into);
    }

    @Override
    public Contribution run(List<TokenRow> rows, PackedBatch batch, Totals step) {
        int targets = batch.targets().length;
        float[] weights = filled(targets, 1.0 / step.tokens());
        float[] nll = loss.sftWeight() > 0 ? filled(targets, loss.sftWeight() / step.tokens()) : new float[0];
        try (TeacherDistributions distributions = teacher.of(rows, batch, hidden.teacherLayers());
                DistributionPass pass = student.distributions(batch, true, hidden.studentLayers())) {
            HiddenMatch.Found found = hidden.compare(distributions, pass, batch, step, true);
            ComparedTokens tokens =
                    pass.compareAndBackward(distributions, loss.comparison(), weights, nll, found.slopes());
            return found.addTo(contribution(tokens, step));
        }
    }

    /** The same without a gradient, for rows that are not trained on. */
    public Contribution measure(List<TokenRow> rows, PackedBatch batch, Totals step) {
        try (TeacherDistributions distributions = teacher.of(rows, batch, hidden.teacherLayers());
                DistributionPass pass = student.distributions(batch, false, hidden.studentLayers())) {
            return hidden.compare(distributions, pass, batch, step, false)
                    .addTo(contribution(pass.compare(distributions, loss.comparison()), step));
        }
    }

    private Contribution contribution(ComparedTokens found, Totals step) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double sum = 0;
        for (int k = 0; k < loss.parts().size(); k++) {
            Metric divergence = mean(found.divergences().get(k));
            metrics.put(loss.parts().get(k).divergence().key(), divergence);
            sum += loss.parts().get(k).weight() * divergence.sum();
        }
        Metric logprobs = mean(found.logprobs());
        sum -= loss.sftWeight() * logprobs.sum();
        metrics.put("nll_loss", Metric.mean(-logprobs.sum(), logprobs.weight()));
        metrics.put("entropy", mean(found.entropies()));
        metrics.put("mean_token_accuracy", mean(found.top1()));
        return new Contribution(sum / step.tokens(), metrics);
    }

    private static Metric mean(float[] values) {
        return Metric.mean(new Span(0, values.length).sum(values), values.length);
    }

    private static float[] filled(int length, double value) {
        float[] values = new float[length];
        Arrays.fill(values, (float) value);
        return values;
    }
}
