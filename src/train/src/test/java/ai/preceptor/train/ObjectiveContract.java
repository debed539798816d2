package ai.preceptor.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.TokenStatistics;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.testkit.GradientCheck;
import ai.preceptor.testkit.MetricsPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Objective} owes the training loop. An implementation's test extends this and says how to make rows.
 *
 * @param <R> type of a row
 */
public abstract class ObjectiveContract<R> {

    private static final long SEED = 20261124;
    private static final int ROWS = 8;
    /** Log-probabilities are multiples of this, so that float32 holds them and their differences exactly. */
    private static final double GRID = 1.0 / 1024;

    /** The objective under test. */
    protected abstract Objective<R> objective();

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

    private PackedBatch pack(List<R> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> objective().pack(row, new CharEncoder(), builder));
        return builder.build();
    }

    private static float[] logps(int length, long seed) {
        Random random = new Random(seed);
        float[] logps = new float[length];
        for (int i = 0; i < length; i++) {
            logps[i] = (float) (-random.nextInt(4096) * GRID);
        }
        return logps;
    }

    /** The whole step in one micro-batch, under random log-probabilities. */
    private LossInputs<R> step() {
        List<R> rows = rows();
        PackedBatch batch = pack(rows);
        int targets = batch.targets().length;
        float[] reference = objective().needsReference() ? logps(targets, SEED + 1) : null;
        return new LossInputs<>(
                rows, batch.spans(), logps(targets, SEED), reference, new Totals(ROWS, targets), statistics(targets));
    }

    /** Random numbers of the kinds the objective reads, top-1 hits among them; nothing when it reads none. */
    private @Nullable TokenStatistics statistics(int targets) {
        if (objective().statistics().isEmpty()) {
            return null;
        }
        Map<TokenStatistic, float[]> values = new LinkedHashMap<>();
        objective().statistics().forEach(one -> values.put(one, logps(targets, SEED + 2 + one.ordinal())));
        float[] top1 = logps(targets, SEED + 1);
        for (int i = 0; i < targets; i++) {
            top1[i] = top1[i] < -2 ? 1 : 0;
        }
        return new TokenStatistics(top1, values);
    }

    private static @Nullable TokenStatistics slice(@Nullable TokenStatistics all, int from, int to) {
        if (all == null) {
            return null;
        }
        Map<TokenStatistic, float[]> values = new LinkedHashMap<>();
        all.values().forEach((one, numbers) -> values.put(one, slice(numbers, from, to)));
        return new TokenStatistics(slice(all.top1(), from, to), values);
    }

    private LossInputs<R> withLogps(LossInputs<R> step, double[] logps) {
        return new LossInputs<>(
                step.rows(), step.spans(), floats(logps), step.reference(), step.step(), step.statistics());
    }

    @Test
    void pack_addsAsManyCompletionsAsItSays() {
        for (R row : rows()) {
            assertThat(pack(List.of(row)).spans())
                    .hasSize(objective().completions(row))
                    .isNotEmpty();
        }
    }

    @Test
    void evaluate_gradientAgreesWithDifferences() {
        LossInputs<R> step = step();
        double[] point = new double[step.logprobs().length];
        double[] gradient = new double[point.length];
        LossReport report = objective().evaluate(step);
        assertThat(report.gradient()).hasSameSizeAs(step.logprobs());
        for (int i = 0; i < point.length; i++) {
            point[i] = step.logprobs()[i];
            gradient[i] = report.gradient()[i];
        }
        assertThat(report.gradient()).as("a gradient that is nowhere 0 in vain").isNotEqualTo(new float[point.length]);
        new GradientCheck(GRID, 1e-6)
                .verify(
                        objective().name() + " seed " + SEED,
                        logps -> objective().evaluate(withLogps(step, logps)).loss(),
                        point,
                        gradient);
    }

    @Test
    void evaluate_gradientByEntropies_agreesWithDifferences() {
        LossInputs<R> step = step();
        float[] found = objective().evaluate(step).entropyGradient();
        if (found == null) {
            return;
        }
        float[] entropies = step.requireStatistics().of(TokenStatistic.ENTROPY);
        double[] point = new double[entropies.length];
        double[] gradient = new double[point.length];
        for (int i = 0; i < point.length; i++) {
            point[i] = entropies[i];
            gradient[i] = found[i];
        }
        new GradientCheck(GRID, 1e-6)
                .verify(
                        objective().name() + " by entropies, seed " + SEED,
                        moved ->
                                objective().evaluate(withEntropies(step, moved)).loss(),
                        point,
                        gradient);
    }

    private LossInputs<R> withEntropies(LossInputs<R> step, double[] entropies) {
        TokenStatistics all = step.requireStatistics();
        Map<TokenStatistic, float[]> values = new LinkedHashMap<>(all.values());
        values.put(TokenStatistic.ENTROPY, floats(entropies));
        return new LossInputs<>(
                step.rows(),
                step.spans(),
                step.logprobs(),
                step.reference(),
                step.step(),
                new TokenStatistics(all.top1(), values));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void evaluate_eightMicroBatchesOfOneRow_addUpToOneOfEight() {
        LossInputs<R> step = step();
        LossReport whole = objective().evaluate(step);
        double loss = 0;
        float[] gradient = new float[step.logprobs().length];
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int span = 0;
        for (R row : step.rows()) {
            List<Span> spans = step.spans().subList(span, span + objective().completions(row));
            span += spans.size();
            int from = spans.get(0).from();
            int to = spans.get(spans.size() - 1).to();
            LossReport part = objective()
                    .evaluate(new LossInputs<>(
                            List.of(row),
                            spans.stream()
                                    .map(s -> new Span(s.from() - from, s.to() - from))
                                    .toList(),
                            slice(step.logprobs(), from, to),
                            step.reference() == null ? null : slice(step.reference(), from, to),
                            step.step(),
                            slice(step.statistics(), from, to)));
            loss += part.loss();
            System.arraycopy(part.gradient(), 0, gradient, from, to - from);
            metrics = Metric.merge(metrics, part.metrics());
        }
        assertThat(loss).isCloseTo(whole.loss(), within(1e-12 * Math.max(1, Math.abs(loss))));
        assertThat(gradient).containsExactly(whole.gradient());
        assertThat(metrics).containsOnlyKeys(whole.metrics().keySet());
        metrics.forEach((name, metric) -> assertThat(metric.value())
                .as(name)
                .isCloseTo(whole.metrics().get(name).value(), within(1e-9)));
    }

    private static float[] slice(float[] values, int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    @Test
    void evaluate_sameNumbers_sameReport() {
        LossReport first = objective().evaluate(step());
        LossReport second = objective().evaluate(step());
        assertThat(second.loss()).isEqualTo(first.loss());
        assertThat(second.gradient()).containsExactly(first.gradient());
        assertThat(second.metrics()).isEqualTo(first.metrics());
    }

    @Test
    void evaluate_missingSpan_isRefused() {
        LossInputs<R> step = step();
        List<Span> fewer = step.spans().subList(1, step.spans().size());
        LossInputs<R> torn = new LossInputs<>(step.rows(), fewer, step.logprobs(), step.reference(), step.step());
        assertThatThrownBy(() -> objective().evaluate(torn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spans");
    }

    @Test
    void evaluate_withoutTheReference_isRefusedWhereItIsNeeded() {
        LossInputs<R> step = step();
        LossInputs<R> alone = new LossInputs<>(step.rows(), step.spans(), step.logprobs(), null, step.step());
        if (objective().needsReference()) {
            assertThatThrownBy(() -> objective().evaluate(alone))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("reference");
        } else {
            assertThat(objective().evaluate(alone).loss())
                    .isEqualTo(objective().evaluate(step).loss());
        }
    }

    @Test
    void evaluate_everyMetric_isOnTheMetricsPage() {
        MetricsPage.requireDocumented(objective().evaluate(step()).metrics().keySet());
    }
}
