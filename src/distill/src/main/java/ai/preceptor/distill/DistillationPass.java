package ai.preceptor.distill;

import ai.preceptor.distill.hidden.HiddenMatch;
import ai.preceptor.lm.ComparedTokens;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Totals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Feeds a {@link DistillationLoss}: whole next-token distributions of student and teacher, a chunk of tokens at a time.
 *
 * <p>Metrics, means over the loss tokens of the step: each divergence under its key, unweighted; {@code nll_loss},
 * {@code entropy}, {@code mean_token_accuracy} of the student. With several teachers also each divergence from each, as
 * {@code teacher_N/KEY}. With a teacher that is known by its top tokens {@code student_mass}, {@code teacher_mass} and
 * {@code overlap_ratio}, over all such teachers. With {@code uld} the share {@code uld_aligned} of loss tokens at which a
 * teacher has a distribution; the divergences are means over those.
 */
public final class DistillationPass implements MeasuredPass {

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
        try (TeacherDistributions distributions = teacher.of(rows, batch, hidden.teacherTaps());
                DistributionPass pass = student.distributions(batch, true, hidden.studentTaps())) {
            HiddenMatch.Found found = hidden.compare(distributions, pass, batch, step, true);
            ComparedTokens tokens = pass.compareAndBackward(
                    distributions, loss.comparison(), weights, nll, found.slopes(), found.attention());
            return found.addTo(contribution(tokens, step));
        }
    }

    @Override
    public Contribution measure(List<TokenRow> rows, PackedBatch batch, Totals step) {
        try (TeacherDistributions distributions = teacher.of(rows, batch, hidden.teacherTaps());
                DistributionPass pass = student.distributions(batch, false, hidden.studentTaps())) {
            return hidden.compare(distributions, pass, batch, step, false)
                    .addTo(contribution(pass.compare(distributions, loss.comparison()), step));
        }
    }

    /** The keys of its divergences. */
    List<String> divergences() {
        return loss.parts().stream().map(part -> part.divergence().key()).toList();
    }

    private Contribution contribution(ComparedTokens found, Totals step) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double sum = 0;
        for (int k = 0; k < loss.parts().size(); k++) {
            Metric divergence = mean(found.divergences().get(k), found.compared());
            metrics.put(loss.parts().get(k).divergence().key(), divergence);
            sum += loss.parts().get(k).weight() * divergence.sum();
        }
        Metric logprobs = mean(found.logprobs());
        sum -= loss.sftWeight() * logprobs.sum();
        metrics.put("nll_loss", Metric.mean(-logprobs.sum(), logprobs.weight()));
        metrics.put("entropy", mean(found.entropies()));
        metrics.put("mean_token_accuracy", mean(found.top1()));
        if (loss.comparesRanks()) {
            metrics.put("uld_aligned", Metric.mean(found.compared(), found.logprobs().length));
        }
        addTeachers(found.teachers(), metrics);
        return new Contribution(sum / step.tokens(), metrics);
    }

    private void addTeachers(List<ComparedTokens.OfTeacher> teachers, Map<String, Metric> metrics) {
        for (int i = 0; i < teachers.size(); i++) {
            ComparedTokens.OfTeacher teacher = teachers.get(i);
            for (int k = 0; k < loss.parts().size() && teachers.size() > 1; k++) {
                metrics.put(
                        "teacher_" + i + "/" + loss.parts().get(k).divergence().key(),
                        mean(teacher.divergences().get(k), teacher.compared()));
            }
            if (teacher.mass() != null) {
                metrics.merge("student_mass", mean(teacher.mass().student()), Metric::merge);
                metrics.merge("teacher_mass", mean(teacher.mass().teacher()), Metric::merge);
                metrics.merge("overlap_ratio", mean(teacher.mass().overlap()), Metric::merge);
            }
        }
    }

    private static Metric mean(float[] values) {
        return mean(values, values.length);
    }

    private static Metric mean(float[] values, int count) {
        return Metric.mean(new Span(0, values.length).sum(values), count);
    }

    private static float[] filled(int length, double value) {
        float[] values = new float[length];
        Arrays.fill(values, (float) value);
        return values;
    }
}
