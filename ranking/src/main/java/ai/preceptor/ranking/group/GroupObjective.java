package ai.preceptor.ranking.group;

import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.ranking.answer.AnswerMetrics;
import ai.preceptor.ranking.answer.RankedAnswer;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.OrderedPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a {@link GroupLoss} into the training loop: sums each answer's log-probabilities, evaluates the loss prompt by
 * prompt, and spreads each answer's derivative over its tokens. The step's loss is the mean over its rows.
 *
 * <p>Every row is a group of answers to one prompt; a preference is the group of its two answers with scores 1 and 0 (its
 * margin is not used).
 *
 * <p>Metrics, each the mean over rows of the mean over the row's strictly ordered pairs: {@code rewards/chosen},
 * {@code rewards/rejected}, {@code rewards/margins}, {@code rewards/accuracies} (a tie is wrong), {@code logps/chosen},
 * {@code logps/rejected}; and what the loss itself adds. A row without an ordered pair counts in none of the six.
 *
 * @param <R> type of a row
 */
public final class GroupObjective<R> implements Objective<R> {

    private final Function<R, RankedGroup> group;
    private final GroupLoss loss;

    private GroupObjective(Function<R, RankedGroup> group, GroupLoss loss) {
        this.group = group;
        this.loss = loss;
    }

    /** An objective over pairs. */
    public static GroupObjective<Preference> ofPreferences(GroupLoss loss) {
        return new GroupObjective<>(RankedGroup::of, loss);
    }

    /** An objective over ranked groups. */
    public static GroupObjective<RankedGroup> ofGroups(GroupLoss loss) {
        return new GroupObjective<>(Function.identity(), loss);
    }

    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public void pack(R row, PromptEncoder encoder, PackedBatch.Builder into) {
        RankedGroup answers = group.apply(row);
        Encoded encoded = encoder.encode(answers.prompt(), answers.responses());
        into.prompt(encoded.prompt());
        encoded.completions().forEach(into::completion);
    }

    @Override
    public int completions(R row) {
        return group.apply(row).size();
    }

    @Override
    public boolean needsReference() {
        return loss.needsReference();
    }

    @Override
    public LossReport evaluate(LossInputs<R> in) {
        in.requireSpans(in.rows().stream().mapToInt(this::completions).sum());
        float[] gradient = new float[in.logprobs().length];
        AnswerMetrics metrics = new AnswerMetrics();
        double total = 0;
        int next = 0;
        for (R row : in.rows()) {
            List<Span> spans = in.spans().subList(next, next + completions(row));
            next += spans.size();
            List<RankedAnswer> answers = answers(in, spans, group.apply(row).scores());
            GroupLossResult value = loss.evaluate(answers);
            total += value.loss() / in.step().rows();
            for (int i = 0; i < spans.size(); i++) {
                float slope = (float) (value.gradient()[i] / in.step().rows());
                Arrays.fill(gradient, spans.get(i).from(), spans.get(i).to(), slope);
            }
            count(answers, value, metrics);
        }
        return new LossReport(total, gradient, metrics.all());
    }

    /** Means over the strictly ordered pairs of a group. */
    private static void count(List<RankedAnswer> answers, GroupLossResult value, AnswerMetrics metrics) {
        double[] rewards = value.rewards();
        List<OrderedPair> pairs = OrderedPair.of(RankedAnswer.scores(answers));
        for (OrderedPair pair : pairs) {
            RankedAnswer better = answers.get(pair.better());
            RankedAnswer worse = answers.get(pair.worse());
            metrics.pair(
                    rewards[pair.better()], rewards[pair.worse()], better.logp(), worse.logp(), 1.0 / pairs.size());
        }
        value.metrics().forEach((name, number) -> metrics.mean(name, number, 1));
    }

    private List<RankedAnswer> answers(LossInputs<R> in, List<Span> spans, List<Double> scores) {
        List<RankedAnswer> answers = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            double reference = needsReference() ? span.sum(in.requireReference()) : Double.NaN;
            answers.add(new RankedAnswer(span.sum(in.logprobs()), reference, span.length(), scores.get(i)));
        }
        return answers;
    }
}
