package ai.preceptor.ranking.pair;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.ranking.answer.AnswerMetrics;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Puts a {@link PairLoss} into the training loop: pairs each row's strictly ordered answers, weighs tokens
 * and pairs by the {@link PairOptions}, evaluates the loss over the micro-batch's pairs together, adds the supervised term
 * where the loss has one, and spreads the derivatives over the tokens. The step's loss is the mean over its rows; the
 * supervised term is the mean over the tokens of the rows' best answers.
 *
 * <p>Every row is a group of answers to one prompt; a preference is the group of its two. The weights of
 * {@link PairOptions#useWeighting} multiply the supervised term by their mean over the micro-batch, as in TRL.
 *
 * <p>Metrics are TRL's: {@code rewards/*} and {@code logps/*}, each the mean over rows of the mean over the row's pairs
 * (a tie in {@code rewards/accuracies} is wrong); {@code entropy}, {@code mean_token_accuracy} (better answers) and
 * {@code logits/*}, means over completion tokens; and what the loss itself adds.
 *
 * @param <R> type of a row
 */
public final class PairObjective<R> implements Objective<R> {

    private final Function<R, RankedGroup> group;
    private final PairLoss loss;
    private final PairOptions options;

    private PairObjective(Function<R, RankedGroup> group, PairLoss loss, PairOptions options) {
        if (options.useWeighting() && loss.couplesPairs()) {
            throw new IllegalArgumentException("use_weighting: true with a loss that sorts its pairs, must be false:"
                    + " a rank has no weight of its own");
        }
        this.group = group;
        this.loss = loss;
        this.options = options;
    }

    /**
     * An objective over pairs.
     *
     * @throws IllegalArgumentException if the options do not go with the loss
     */
    public static PairObjective<Preference> ofPreferences(PairLoss loss, PairOptions options) {
        return new PairObjective<>(RankedGroup::of, loss, options);
    }

    /** An objective over pairs that all count alike. */
    public static PairObjective<Preference> ofPreferences(PairLoss loss) {
        return ofPreferences(loss, PairOptions.PLAIN);
    }

    /**
     * An objective over ranked groups.
     *
     * @throws IllegalArgumentException if the options do not go with the loss
     */
    public static PairObjective<RankedGroup> ofGroups(PairLoss loss, PairOptions options) {
        return new PairObjective<>(Function.identity(), loss, options);
    }

    /** An objective over ranked groups whose pairs all count alike. */
    public static PairObjective<RankedGroup> ofGroups(PairLoss loss) {
        return ofGroups(loss, PairOptions.PLAIN);
    }

    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public void pack(R row, PromptEncoder encoder, PackedBatch.Builder into) {
        RankedGroup answers = group.apply(row);
        loss.packing().pack(encoder.encode(answers.prompt(), answers.responses()), encoder, into);
    }

    @Override
    public int completions(R row) {
        return loss.packing().spansBeforeAnswers() + group.apply(row).size();
    }

    /** The tokens that the supervised term learns. */
    @Override
    public int tokens(R row, List<Span> spans) {
        return answers(row, spans).imitated().stream().mapToInt(Span::length).sum();
    }

    @Override
    public boolean needsReference() {
        return loss.needsReference();
    }

    @Override
    public Set<TokenStatistic> statistics() {
        EnumSet<TokenStatistic> wanted = EnumSet.of(TokenStatistic.ENTROPY, TokenStatistic.MEAN_LOGIT);
        if (options.useWeighting()) {
            wanted.add(TokenStatistic.LOG_SUM_SQUARES);
        }
        return wanted;
    }

    @Override
    public Set<TokenStatistic> lossStatistics() {
        return options.useWeighting() ? Set.of(TokenStatistic.LOG_SUM_SQUARES) : Set.of();
    }

    @Override
    public LossReport evaluate(LossInputs<R> in) {
        in.requireSpans(in.rows().stream().mapToInt(this::completions).sum());
        List<RowAnswers> rows = rows(in);
        List<TokenPair> pairs = rows.stream().flatMap(row -> pairs(row, in)).toList();
        float[] reference = needsReference() ? in.requireReference() : null;
        double tail = options.tail();
        int step = in.step().rows();
        List<AnswerPair> seen = pairs.stream()
                .map(pair -> pair.answers(in.logprobs(), reference, tail, step))
                .toList();
        List<PairTerm> terms = loss.terms(seen);
        float[] gradient = new float[in.logprobs().length];
        AnswerMetrics metrics = new AnswerMetrics();
        double total = 0;
        for (int i = 0; i < terms.size(); i++) {
            total += terms.get(i).loss();
            pairs.get(i).spread(terms.get(i), tail, gradient);
            count(seen.get(i), terms.get(i), pairs.get(i).share(), metrics);
        }
        if (loss.imitation() != 0) {
            total += imitate(rows, importance(pairs), in, gradient, metrics);
        }
        if (in.statistics() != null) {
            pairs.forEach(pair -> count(pair, in.requireStatistics(), metrics));
            rows.forEach(row -> row.answers().forEach(span -> metrics.addEntropy(span, in.requireStatistics())));
        }
        return new LossReport(total, gradient, metrics.all());
    }

    private void count(AnswerPair pair, PairTerm term, double share, AnswerMetrics metrics) {
        metrics.pair(
                term.chosenReward(),
                term.rejectedReward(),
                loss.reported().of(pair.chosen()),
                loss.reported().of(pair.rejected()),
                share);
        term.metrics().forEach((name, value) -> metrics.mean(name, value, share));
    }

    /** Token statistics of a pair's answers, and whether the better one's tokens were the most probable. */
    private static void count(TokenPair pair, TokenStatistics statistics, AnswerMetrics metrics) {
        float[] logits = statistics.of(TokenStatistic.MEAN_LOGIT);
        metrics.tokens("logits/chosen", pair.chosen(), logits, pair.share());
        metrics.tokens("logits/rejected", pair.rejected(), logits, pair.share());
        metrics.tokens("mean_token_accuracy", pair.chosen(), statistics.top1(), pair.share());
    }

    private Stream<TokenPair> pairs(RowAnswers row, LossInputs<R> in) {
        return options.useWeighting()
                ? row.pairs().stream()
                        .map(pair -> pair.weighed(
                                in.logprobs(), in.requireStatistics().of(TokenStatistic.LOG_SUM_SQUARES)))
                : row.pairs().stream();
    }

    /** The supervised term's share of the loss. */
    private double imitate(
            List<RowAnswers> rows, double importance, LossInputs<R> in, float[] gradient, AnswerMetrics metrics) {
        double weight = loss.imitation() * importance / in.step().tokens();
        double total = 0;
        for (RowAnswers row : rows) {
            for (Span span : row.imitated()) {
                total -= weight * span.sum(in.logprobs());
                metrics.add("nll_loss", Metric.mean(-span.sum(in.logprobs()), span.length()));
                for (int i = span.from(); i < span.to(); i++) {
                    gradient[i] -= (float) weight;
                }
            }
        }
        return total;
    }

    /** Mean over rows of what their pairs count for. */
    private static double importance(List<TokenPair> pairs) {
        double shares = pairs.stream().mapToDouble(TokenPair::share).sum();
        return shares == 0
                ? 1
                : pairs.stream()
                                .mapToDouble(pair -> pair.share() * pair.importance())
                                .sum()
                        / shares;
    }

    private List<RowAnswers> rows(LossInputs<R> in) {
        List<RowAnswers> rows = new ArrayList<>();
        int next = 0;
        for (R row : in.rows()) {
            int end = next + completions(row);
            rows.add(answers(row, in.spans().subList(next, end)));
            next = end;
        }
        return rows;
    }

    private RowAnswers answers(R row, List<Span> spans) {
        int before = loss.packing().spansBeforeAnswers();
        return new RowAnswers(
                spans.subList(0, before),
                spans.subList(before, spans.size()),
                group.apply(row).scores());
    }
}
