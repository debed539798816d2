package ai.preceptor.distill;

import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Supervised fine-tuning on completions.
 *
 * <p><b>Idea.</b> Raise the likelihood of given answers: the warm start of a student, and sequence-level distillation when
 * the answers are a teacher's.
 *
 * <p><b>Formula.</b> With all completion tokens of the step, T of them,
 *
 * <pre>  L = -1/T  sum over rows and t of w_t log pi(y_t | x, y_&lt;t)</pre>
 *
 * <p>where w is 1, or of {@link SftLossType#DFT} the token's probability, a constant to the gradient.
 *
 * <p><b>Source.</b> Maximum likelihood; as distillation from sampled answers, Kim and Rush 2016, Sequence-Level Knowledge
 * Distillation, arXiv:1606.07947, section 3.2.
 *
 * <p><b>Departures.</b> None from TRL's {@code completion_only_loss}: the mean is over the tokens of the step, so long
 * answers weigh more than short ones, and accumulated micro-batches give the step's own mean.
 *
 * <p><b>Shapes.</b> {@code [targets]} log-probabilities in, as many derivatives out, each {@code -w/T}.
 *
 * <p><b>Masking.</b> Completion tokens only, the end of turn among them, or what {@link LossTokens} says. Of rows of
 * bare {@code messages}, whose prompt is empty, every token but the first is learnt, the user's too, as in TRL.
 *
 * <p><b>When not to use it.</b> When answers of unequal quality are at hand: it imitates good and bad alike; rank them.
 */
public final class SftObjective implements Objective<Demonstration> {
    private final LossTokens learnt;
    private final SftLossType type;

    /** Learns completions. */
    public SftObjective() {
        this(LossTokens.COMPLETION);
    }

    /** @param learnt which tokens of a row */
    public SftObjective(LossTokens learnt) {
        this(learnt, SftLossType.NLL);
    }

    /**
     * @param learnt which tokens of a row
     * @param type what a token costs
     */
    public SftObjective(LossTokens learnt, SftLossType type) {
        this.learnt = learnt;
        this.type = type;
    }

    @Override
    public String name() {
        return "sft";
    }

    @Override
    public void pack(Demonstration row, PromptEncoder encoder, PackedBatch.Builder into) {
        learnt.encode(row, encoder).packInto(into);
    }

    @Override
    public int completions(Demonstration row) {
        return 1;
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public Set<TokenStatistic> statistics() {
        return Set.of(TokenStatistic.ENTROPY);
    }

    @Override
    public Set<TokenStatistic> lossStatistics() {
        return Set.of();
    }

    /**
     * The share of the step's token mean.
     *
     * @throws IllegalArgumentException if there is not one completion per row, or the step has no tokens
     */
    @Override
    public LossReport evaluate(LossInputs<Demonstration> in) {
        in.requireSpans(in.rows().size());
        int tokens = in.step().tokens();
        if (tokens < in.logprobs().length) {
            throw new IllegalArgumentException("totals: tokens " + tokens + " in the step, must be at least the "
                    + in.logprobs().length + " of this micro-batch");
        }
        double loss = 0;
        float[] gradient = new float[in.logprobs().length];
        for (int i = 0; i < gradient.length; i++) {
            double logprob = in.logprobs()[i];
            double weight = type.weight(logprob) / tokens;
            loss -= weight * logprob;
            gradient[i] = (float) -weight;
        }
        return new LossReport(loss, gradient, in.statistics() == null ? Map.of() : metrics(in.statistics()));
    }

    private static Map<String, Metric> metrics(TokenStatistics statistics) {
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("entropy", mean(statistics.of(TokenStatistic.ENTROPY)));
        metrics.put("mean_token_accuracy", mean(statistics.top1()));
        return metrics;
    }

    private static Metric mean(float[] values) {
        return Metric.mean(new Span(0, values.length).sum(values), values.length);
    }
}
