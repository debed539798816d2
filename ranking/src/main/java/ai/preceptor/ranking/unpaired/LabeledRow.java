package ai.preceptor.ranking.unpaired;

import ai.preceptor.data.LabeledCompletion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Prompted;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.LazyRows;
import ai.preceptor.train.sampling.Moments;
import java.util.ArrayList;
import java.util.List;

/**
 * A labeled answer, and the answer of another row from which KTO estimates the KL of the policy. The estimate is unbiased only if
 * that row has another prompt.
 *
 * @param labeled prompt, answer and label
 * @param mismatched the answer of another row
 */
public record LabeledRow(LabeledCompletion labeled, Text mismatched) implements Prompted {

    @Override
    public Prompt prompt() {
        return labeled.prompt();
    }

    /**
     * Gives each row the answer of the row before it within consecutive batches, the first that of the last: TRL's rule.
     * The batches are those of the rows' own order: if the rows are shuffled later, mismatched answers come from outside
     * the batch in training, which makes the estimate noisier.
     *
     * <p>Rows from {@link #of(Preference) pairs} or {@link #of(RankedGroup) groups}, in their order, get an answer to their own
     * prompt in half of the cases or more: see {@link KtoLoss}.
     *
     * @param rows in their order
     * @param batchSize rows that go through the model together, at least 1; with 1 a row gets its own answer
     */
    public static List<LabeledRow> rotate(List<LabeledCompletion> rows, int batchSize) {
        LazyRows<LabeledRow> rotated = new LazyRows<>(rows.size(), i -> rotated(rows, batchSize, i));
        return rows instanceof LazyRows<LabeledCompletion> ? rotated : List.copyOf(rotated);
    }

    private static LabeledRow rotated(List<LabeledCompletion> rows, int batchSize, int place) {
        int first = place - place % batchSize;
        int last = Math.min(rows.size() - first, batchSize) + first - 1;
        int before = place == first ? last : place - 1;
        return new LabeledRow(rows.get(place), rows.get(before).completion());
    }

    /** A pair as two labeled answers: its better answer is desirable, its worse one is not. */
    public static List<LabeledCompletion> of(Preference pair) {
        return List.of(
                new LabeledCompletion(pair.prompt(), pair.chosen(), true),
                new LabeledCompletion(pair.prompt(), pair.rejected(), false));
    }

    /**
     * A ranked group as labeled answers: answers above the mean score of their group are desirable, those below it are not, and
     * those at it, up to rounding, say nothing.
     */
    public static List<LabeledCompletion> of(RankedGroup group) {
        double mean = group.scores().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        List<LabeledCompletion> labeled = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            if (Moments.differ(group.scores().get(i), mean)) {
                labeled.add(new LabeledCompletion(
                        group.prompt(), group.responses().get(i), group.scores().get(i) > mean));
            }
        }
        return labeled;
    }
}
