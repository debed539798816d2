package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.testkit.GradientCheck;
import ai.preceptor.testkit.MetricsPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RewardObjective} owes the training loop. An implementation's test extends this and says how to make
 * rows.
 *
 * @param <R> type of a row
 */
public abstract class RewardObjectiveContract<R> {

    private static final long SEED = 20261124;
    private static final int ROWS = 8;
    /** Rewards are multiples of this, so that float32 holds them and their differences exactly. */
    private static final double GRID = 1.0 / 1024;

    /** The objective under test. */
    protected abstract RewardObjective<R> objective();

    /** A random legal row. */
    protected abstract R row(Random random);

    private List<R> rows() {
        Random random = new Random(SEED);
        List<R> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(random));
        }
        return rows;
    }

    private float[] rewards() {
        Random random = new Random(SEED);
        float[] rewards =
                new float[rows().stream().mapToInt(objective()::completions).sum()];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = (float) ((random.nextInt(8192) - 4096) * GRID);
        }
        return rewards;
    }

    private RewardLossReport evaluate(double[] rewards) {
        float[] floats = new float[rewards.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) rewards[i];
        }
        return objective().evaluate(rows(), floats, new Totals(ROWS, 0));
    }

    @Test
    void pack_readsEachAnswerAtItsLastTokenAndFeedsIt() {
        for (R row : rows()) {
            PackedBatch.Builder builder = PackedBatch.builder();
            objective().pack(row, new CharEncoder(), builder);
            PackedBatch batch = builder.build();
            assertThat(batch.spans()).hasSize(objective().completions(row)).allMatch(span -> span.length() == 1);
            assertThat(batch.targets()).containsOnly(PackedBatch.NO_TARGET);
            for (int source : batch.sources()) {
                assertThat(batch.tokens()[source]).as("the end of an answer").isEqualTo(2);
            }
        }
    }

    @Test
    void evaluate_gradientAgreesWithDifferences() {
        float[] rewards = rewards();
        double[] point = new double[rewards.length];
        double[] gradient = new double[rewards.length];
        RewardLossReport report = objective().evaluate(rows(), rewards, new Totals(ROWS, 0));
        for (int i = 0; i < rewards.length; i++) {
            point[i] = rewards[i];
            gradient[i] = report.gradient()[i];
        }
        new GradientCheck(GRID, 1e-6)
                .verify(objective().name() + " seed " + SEED, r -> evaluate(r).loss(), point, gradient);
    }

    @Test
    void evaluate_eightMicroBatchesOfOneRow_addUpToOneOfEight() {
        float[] rewards = rewards();
        RewardLossReport whole = objective().evaluate(rows(), rewards, new Totals(ROWS, 0));
        double loss = 0;
        float[] gradient = new float[rewards.length];
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int from = 0;
        for (R row : rows()) {
            int to = from + objective().completions(row);
            RewardLossReport part =
                    objective().evaluate(List.of(row), Arrays.copyOfRange(rewards, from, to), new Totals(ROWS, 0));
            loss += part.loss();
            System.arraycopy(part.gradient(), 0, gradient, from, to - from);
            metrics = Metric.merge(metrics, part.metrics());
            from = to;
        }
        assertThat(loss).isCloseTo(whole.loss(), within(1e-12));
        assertThat(gradient).containsExactly(whole.gradient());
        assertThat(metrics).containsOnlyKeys(whole.metrics().keySet());
        metrics.forEach((name, metric) -> assertThat(metric.value())
                .as(name)
                .isCloseTo(whole.metrics().get(name).value(), within(1e-9)));
    }

    @Test
    void evaluate_missingReward_isRefused() {
        float[] rewards = rewards();
        float[] fewer = Arrays.copyOf(rewards, rewards.length - 1);
        assertThatThrownBy(() -> objective().evaluate(rows(), fewer, new Totals(ROWS, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rewards");
    }

    @Test
    void evaluate_everyMetric_isOnTheMetricsPage() {
        RewardLossReport report = objective().evaluate(rows(), rewards(), new Totals(ROWS, 0));
        MetricsPage.requireDocumented(report.metrics().keySet());
    }
}
