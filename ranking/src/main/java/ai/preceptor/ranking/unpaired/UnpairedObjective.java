package ai.preceptor.ranking.unpaired;

import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.ranking.answer.AnswerMetrics;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Puts an {@link UnpairedLoss} into the training loop. For a loss with the baseline {@link
 * UnpairedLoss.Baseline#MISMATCHED_KL} every row carries the answer of another row, which is packed after its own and costs
 * no gradient; the baseline is the mean over the micro-batch, as in TRL, so a step's loss depends on how it is split into
 * micro-batches. The step's loss is the mean over its rows.
 *
 * <p>Metrics are TRL's: {@code kl} (the baseline of KTO), {@code rewards/*}, {@code logps/*} and {@code logits/*} over
 * desirable ({@code chosen}) and undesirable ({@code rejected}) answers, {@code entropy}; and {@code delta}, BCO's baseline.
 * {@code rewards/margins} is the difference of both means over the step.
 */
public final class UnpairedObjective implements Objective<LabeledRow> {

    private final UnpairedLoss loss;
    private final int maxLength;
    private final RunningReward running = new RunningReward();

    /**
     * @param maxLength tokens of a prompt with a mismatched answer, which is cut to that as TRL does; 0 or less for no limit
     * @throws IllegalArgumentException if the loss's baseline needs a reference and the loss does not
     */
    public UnpairedObjective(UnpairedLoss loss, int maxLength) {
        if (loss.baseline() == UnpairedLoss.Baseline.MISMATCHED_KL && !loss.needsReference()) {
            throw new IllegalArgumentException(loss.name()
                    + ": a baseline of mismatched_kl without a reference, which its" + " log-ratios are made of");
        }
        this.loss = loss;
        this.maxLength = maxLength;
    }

    @Override
    public LoopSetting in(LoopSetting setting) {
        return loss.baseline() == UnpairedLoss.Baseline.RUNNING_REWARD
                ? setting.hearing(running).with(running)
                : setting;
    }

    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public void pack(LabeledRow row, PromptEncoder encoder, PackedBatch.Builder into) {
        Encoded own = encoder.encode(row.prompt(), List.of(row.labeled().completion()));
        into.prompt(own.prompt());
        into.completion(own.completions().get(0));
        if (comparesMismatched()) {
            int[] other = encoder.encode(row.prompt(), List.of(row.mismatched()))
                    .completions()
                    .get(0);
            int room = maxLength <= 0 ? other.length : Math.max(1, maxLength - own.prompt().length);
            into.completion(Arrays.copyOf(other, Math.min(other.length, room)));
        }
    }

    @Override
    public int completions(LabeledRow row) {
        return comparesMismatched() ? 2 : 1;
    }

    @Override
    public boolean needsReference() {
        return loss.needsReference();
    }

    @Override
    public Set<TokenStatistic> statistics() {
        return Set.of(TokenStatistic.ENTROPY, TokenStatistic.MEAN_LOGIT);
    }

    @Override
    public Set<TokenStatistic> lossStatistics() {
        return Set.of();
    }

    private boolean comparesMismatched() {
        return loss.baseline() == UnpairedLoss.Baseline.MISMATCHED_KL;
    }

    @Override
    public LossReport evaluate(LossInputs<LabeledRow> in) {
        double baseline = baseline(in);
        float[] gradient = new float[in.logprobs().length];
        AnswerMetrics metrics = new AnswerMetrics();
        double total = 0;
        double[] rewards = new double[2];
        int[] counts = new int[2];
        for (int i = 0; i < in.rows().size(); i++) {
            Span span = own(in, i);
            LabeledAnswer answer = answer(in, i);
            double reward = loss.reward(answer);
            UnpairedTerm term = loss.term(answer, baseline);
            total += term.loss() / in.step().rows();
            Arrays.fill(gradient, span.from(), span.to(), (float)
                    (term.slope() / in.step().rows()));
            String side = answer.desirable() ? "chosen" : "rejected";
            metrics.mean("rewards/" + side, reward, 1);
            metrics.mean("logps/" + side, answer.logp(), 1);
            rewards[answer.desirable() ? 0 : 1] += reward;
            counts[answer.desirable() ? 0 : 1]++;
            if (in.statistics() != null) {
                TokenStatistics statistics = in.statistics();
                metrics.tokens("logits/" + side, span, statistics.of(TokenStatistic.MEAN_LOGIT), 1);
                metrics.addEntropy(span, statistics);
            }
        }
        // a micro-batch may have answers of one kind only
        metrics.add(
                "rewards/margins",
                Metric.difference(Metric.mean(rewards[0], counts[0]), Metric.mean(rewards[1], counts[1])));
        // without a baseline kl is 0, as TRL tells it
        metrics.mean(loss.baseline() == UnpairedLoss.Baseline.RUNNING_REWARD ? "delta" : "kl", baseline, 1);
        return new LossReport(total, gradient, metrics.all());
    }

    @Override
    public void observe(LossInputs<LabeledRow> in) {
        double rewards = IntStream.range(0, in.rows().size())
                .mapToDouble(i -> loss.reward(answer(in, i)))
                .sum();
        running.observe(rewards, in.rows().size());
    }

    private double baseline(LossInputs<LabeledRow> in) {
        in.requireSpans(in.rows().stream().mapToInt(this::completions).sum());
        return switch (loss.baseline()) {
            case NONE -> 0;
            case RUNNING_REWARD -> running.mean();
            case MISMATCHED_KL -> {
                double sum = 0;
                for (int i = 0; i < in.rows().size(); i++) {
                    Span span = in.spans().get(2 * i + 1);
                    sum += span.sum(in.logprobs()) - span.sum(in.requireReference());
                }
                yield Math.max(0, sum / in.rows().size());
            }
        };
    }

    private Span own(LossInputs<LabeledRow> in, int row) {
        return in.spans().get(comparesMismatched() ? 2 * row : row);
    }

    private LabeledAnswer answer(LossInputs<LabeledRow> in, int row) {
        Span span = own(in, row);
        double reference = needsReference() ? span.sum(in.requireReference()) : Double.NaN;
        return new LabeledAnswer(
                span.sum(in.logprobs()),
                reference,
                span.length(),
                in.rows().get(row).labeled().label());
    }
}
