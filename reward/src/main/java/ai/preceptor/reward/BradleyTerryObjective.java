package ai.preceptor.reward;

import ai.preceptor.data.Preference;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Encoded;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Metric;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.Totals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts {@link BradleyTerryLoss} into the training loop. The step's loss is the mean over its pairs; a row without a margin
 * has margin 0, and one without a probability is certain.
 *
 * <p>Metrics, by TRL's names: {@code accuracy} (share of pairs whose chosen answer has strictly the higher reward),
 * {@code margin} (mean difference), {@code mean_reward}, and {@code min_reward} and {@code max_reward} over the whole step
 * (TRL averages the extremes of its micro-batches).
 */
public final class BradleyTerryObjective implements RewardObjective<Preference> {

    private static final List<Double> ORDER = List.of(1.0, 0.0);

    private final BradleyTerryLoss loss;

    /** An objective with this loss. */
    public BradleyTerryObjective(BradleyTerryLoss loss) {
        this.loss = loss;
    }

    @Override
    public String name() {
        return "bradley_terry";
    }

    @Override
    public void pack(Preference row, PromptEncoder encoder, PackedBatch.Builder into) {
        Encoded encoded = encoder.encode(row.prompt(), List.of(row.chosen(), row.rejected()));
        into.prompt(encoded.prompt());
        encoded.completions().forEach(into::answer);
    }

    @Override
    public int completions(Preference row) {
        return 2;
    }

    @Override
    public RewardLossReport evaluate(List<Preference> rows, float[] rewards, Totals step) {
        if (rewards.length != 2 * rows.size()) {
            throw new IllegalArgumentException(
                    "rewards: " + rewards.length + " for " + rows.size() + " pairs, must be two per pair");
        }
        float[] gradient = new float[rewards.length];
        Map<String, Metric> metrics = new LinkedHashMap<>();
        double total = 0;
        for (int i = 0; i < rows.size(); i++) {
            double chosen = rewards[2 * i];
            double rejected = rewards[2 * i + 1];
            Double margin = rows.get(i).margin();
            Double probability = rows.get(i).chosenProbability();
            BradleyTerryLoss.Term term =
                    loss.evaluate(chosen, rejected, margin == null ? 0 : margin, probability == null ? 1 : probability);
            total += term.loss() / step.rows();
            gradient[2 * i] = (float) (term.chosenSlope() / step.rows());
            gradient[2 * i + 1] = (float) (term.rejectedSlope() / step.rows());
            metrics = Metric.merge(metrics, RankedRewardObjective.metrics(new double[] {chosen, rejected}, ORDER));
        }
        return new RewardLossReport(total, gradient, metrics);
    }
}
