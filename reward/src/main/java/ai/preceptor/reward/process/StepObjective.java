package ai.preceptor.reward.process;

import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Metric;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.Totals;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts {@link StepLoss} into the training loop. The step's loss is the mean over all labeled steps of its answers. The model
 * gives two numbers for each of them.
 *
 * <p>Metrics: {@code accuracy} (share of steps whose label has the higher logit; equal ones say that the step is wrong, as in
 * TRL), {@code accuracy_right} and {@code accuracy_wrong} (the same of right and of wrong steps), {@code step_probability}
 * (mean probability that a step is right).
 *
 * @param separator put after each step
 * @param lastStepOnly whether only the last step of an answer is learnt from
 */
public record StepObjective(String separator, boolean lastStepOnly) implements RewardObjective<LabeledSteps> {

    /** @throws IllegalArgumentException if the separator is empty */
    public StepObjective {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("step_separator: empty, must be at least one character");
        }
    }

    @Override
    public String name() {
        return "stepwise";
    }

    /**
     * Adds a row.
     *
     * @throws EncodingException if a step with the separator after it holds an earlier one: an answer that is scored is taken
     *     apart there
     */
    @Override
    public void pack(LabeledSteps row, PromptEncoder encoder, PackedBatch.Builder into) {
        for (int i = 0; i < row.steps().size(); i++) {
            String step = row.steps().get(i);
            if ((step + separator).indexOf(separator) < step.length()) {
                throw new EncodingException(
                        "key \"completions[" + i + "]\": expected a step that ends where step_separator "
                                + TextNode.valueOf(separator) + " first occurs, found " + TextNode.valueOf(step));
            }
        }
        StepTokens tokens = StepTokens.of(row.prompt(), row.steps(), separator, encoder);
        int[] ends = tokens.ends();
        into.prompt(tokens.prompt());
        into.answer(tokens.steps(), lastStepOnly ? new int[] {ends[ends.length - 1]} : ends);
    }

    @Override
    public int completions(LabeledSteps row) {
        return 1;
    }

    private List<Boolean> labels(LabeledSteps row) {
        return lastStepOnly
                ? row.labels().subList(row.labels().size() - 1, row.labels().size())
                : row.labels();
    }

    /**
     * The loss, with two numbers a step that is read.
     *
     * @param rewards {@code [steps, 2]}: logits of a wrong and of a right step
     * @param step {@link Totals#tokens} are the steps that are read
     */
    @Override
    public RewardLossReport evaluate(List<LabeledSteps> rows, float[] rewards, Totals step) {
        int expected = rows.stream().mapToInt(row -> labels(row).size()).sum();
        if (rewards.length != 2 * expected) {
            throw new IllegalArgumentException("rewards: " + rewards.length + " for " + expected
                    + " steps, must be two logits for each, " + 2 * expected);
        }
        StepLoss loss = new StepLoss();
        float[] gradient = new float[rewards.length];
        double total = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int next = 0;
        for (LabeledSteps row : rows) {
            for (boolean label : labels(row)) {
                double wrong = rewards[next];
                double right = rewards[next + 1];
                StepLoss.Term term = loss.evaluate(wrong, right, label);
                total += term.loss() / step.tokens();
                gradient[next] = (float) (term.wrongSlope() / step.tokens());
                gradient[next + 1] = (float) (term.rightSlope() / step.tokens());
                metrics = Metric.merge(metrics, metrics(wrong, right, label));
                next += 2;
            }
        }
        return new RewardLossReport(total, gradient, metrics);
    }

    private static Map<String, Metric> metrics(double wrong, double right, boolean label) {
        double hit = right > wrong == label ? 1 : 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        metrics.put("accuracy", Metric.mean(hit, 1));
        metrics.put("accuracy_right", Metric.mean(label ? hit : 0, label ? 1 : 0));
        metrics.put("accuracy_wrong", Metric.mean(label ? 0 : hit, label ? 0 : 1));
        metrics.put("step_probability", Metric.mean(StepLoss.probability(wrong, right), 1));
        return metrics;
    }
}
