package ai.preceptor.run;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Pass;
import ai.preceptor.train.RewardLossReport;
import ai.preceptor.train.RewardObjective;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.rows.Packer;
import ai.preceptor.train.rows.TrainingRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The loss and the metrics of what a model learns, on rows that it does not learn from: {@code eval_loss} and {@code eval_NAME}.
 * Rows that are too long are left out, or end the run, as training rows are.
 *
 * @param <R> type of a row
 */
public final class HeldOutRows<R> implements Evaluator {
    private static final String PREFIX = "eval_";
    private static final String LOSS = PREFIX + "loss";

    private final Measure<R> measure;
    private final Interrupt interrupt;
    private final List<R> rows;
    private final List<List<R>> parts = new ArrayList<>();
    private final List<PackedBatch> batches = new ArrayList<>();
    private final Totals totals;
    private final String identity;

    /**
     * A pass without gradients.
     *
     * @param <R> type of a row
     */
    public interface Measure<R> extends Packer<R> {
        /** As {@link Pass#run}, but nothing is left in the model. */
        Pass.Contribution run(List<R> rows, PackedBatch batch, Totals step);

        /** As {@link Pass#tokens}. */
        default int tokens(List<R> rows, PackedBatch batch) {
            return batch.targets().length;
        }
    }

    /**
     * Rows for one run.
     *
     * @param rows at least one that fits
     * @param measure packs and measures them
     * @param config says how many go through the model together, and which are too long
     * @param interrupt may ask to give a measurement up
     */
    public HeldOutRows(List<R> rows, Measure<R> measure, TrainConfig config, Interrupt interrupt) {
        this.measure = measure;
        this.interrupt = interrupt;
        TrainingRows<R> measured = TrainingRows.measure(rows, measure, config.maxLength(), config.overLength());
        List<R> fitting = measured.rows();
        this.rows = fitting;
        this.identity = "rows=" + fitting.size() + " checksum=" + Long.toHexString(measured.checksum());
        int targets = 0;
        for (int from = 0; from < fitting.size(); from += config.batchSize()) {
            List<R> part = fitting.subList(from, Math.min(fitting.size(), from + config.batchSize()));
            PackedBatch.Builder builder = PackedBatch.builder();
            part.forEach(row -> measure.pack(row, builder));
            PackedBatch batch = builder.build();
            parts.add(part);
            batches.add(batch);
            targets += measure.tokens(part, batch);
        }
        totals = new Totals(fitting.size(), targets);
    }

    /** Those that are not too long, in their order. */
    public List<R> rows() {
        return rows;
    }

    /**
     * The evaluation of a run, or none where nothing is held out.
     *
     * @throws ConfigurationException when evaluation is asked for without held-out rows
     */
    public static <R> @Nullable HeldOutRows<R> ifAny(
            List<R> rows, Measure<R> measure, TrainConfig config, Interrupt interrupt) {
        if (!rows.isEmpty()) {
            return new HeldOutRows<>(rows, measure, config, interrupt);
        }
        if (config.evaluation().evalSteps() != null) {
            throw new ConfigurationException("eval_steps: expected held-out rows (eval_data or eval_rows), found none");
        }
        return null;
    }

    /** A model that only measures. */
    @FunctionalInterface
    public interface Inspected {
        /** A pass without gradients, as {@link LanguageModel#inspect}. */
        ForwardPass inspect(PackedBatch batch, Set<TokenStatistic> wanted);
    }

    /**
     * Of an objective that reads log-probabilities.
     *
     * @param reference the frozen model that it compares with, if it does
     */
    public static <R> Measure<R> of(
            Inspected model, PromptEncoder encoder, Objective<R> objective, @Nullable Reference<R> reference) {
        return new OfLogprobs<>(model, encoder, objective, reference);
    }

    /**
     * Of an objective that reads rewards.
     *
     * @param rewards what a model gives the answers of a batch, as {@link RewardBackbone#rewards}
     */
    public static <R> Measure<R> of(
            Function<PackedBatch, float[]> rewards, PromptEncoder encoder, RewardObjective<R> objective) {
        return new OfRewards<>(rewards, encoder, objective);
    }

    /** Over all rows; a model whose outputs are not finite has a loss of NaN. */
    @Override
    public Optional<Map<String, Double>> measure() {
        return measure(parts.size());
    }

    private Optional<Map<String, Double>> measure(int count) {
        double loss = 0;
        Map<String, Metric> metrics = new LinkedHashMap<>();
        try {
            for (int i = 0; i < count; i++) {
                if (interrupt.isRequested()) {
                    return Optional.empty();
                }
                Pass.Contribution part = measure.run(parts.get(i), batches.get(i), totals);
                loss += part.loss();
                metrics = Metric.merge(metrics, part.metrics());
            }
        } catch (NotFiniteException broken) {
            return Optional.of(Map.of(LOSS, Double.NaN));
        }
        Map<String, Double> values = new LinkedHashMap<>();
        values.put(LOSS, loss);
        metrics.forEach((name, metric) -> {
            if (metric.isKnown()) {
                values.put(PREFIX + name, metric.value());
            }
        });
        return Optional.of(values);
    }

    @Override
    public String identity() {
        return identity;
    }

    /** Those of the first rows, or, since a metric may be known only on more of them, of all. */
    @Override
    public Set<String> names(String wanted) {
        for (int count : new int[] {1, parts.size()}) {
            Map<String, Double> values = measure(count).orElse(Map.of());
            if (values.containsKey(wanted) || count == parts.size()) {
                return values.containsValue(Double.NaN) ? Set.of() : values.keySet();
            }
        }
        return Set.of();
    }

    private record OfLogprobs<R>(
            Inspected model,
            PromptEncoder encoder,
            Objective<R> objective,
            @Nullable Reference<R> reference) implements Measure<R> {
        @Override
        public void pack(R row, PackedBatch.Builder into) {
            objective.pack(row, encoder, into);
        }

        @Override
        public int tokens(List<R> rows, PackedBatch batch) {
            return ObjectivePass.tokens(objective, rows, batch);
        }

        @Override
        @SuppressWarnings("NullAway") // reads LossInputs from a class file, where it misses that the array may be null
        public Pass.Contribution run(List<R> rows, PackedBatch batch, Totals step) {
            float[] frozen = objective.needsReference() && reference != null ? reference.logprobs(rows, batch) : null;
            Set<TokenStatistic> wanted = objective.statistics();
            try (ForwardPass pass = model.inspect(batch, wanted)) {
                LossReport report = objective.evaluate(new LossInputs<>(
                        rows,
                        batch.spans(),
                        pass.outputs(),
                        frozen,
                        step,
                        wanted.isEmpty() ? null : pass.statistics()));
                return new Pass.Contribution(report.loss(), report.metrics());
            }
        }
    }

    private record OfRewards<R>(
            Function<PackedBatch, float[]> rewards, PromptEncoder encoder, RewardObjective<R> objective)
            implements Measure<R> {
        @Override
        public void pack(R row, PackedBatch.Builder into) {
            objective.pack(row, encoder, into);
        }

        @Override
        public Pass.Contribution run(List<R> rows, PackedBatch batch, Totals step) {
            RewardLossReport report = objective.evaluate(rows, rewards.apply(batch), step);
            return new Pass.Contribution(report.loss(), report.metrics());
        }
    }
}
