package ai.preceptor.train.evaluation;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.train.run.Stateful;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluations of one run, over all its processes. An evaluation that was made is not repeated by a resumed run; one that was
 * given up because of a stop is made by the resumed run before its first step.
 */
public final class Evaluations implements Stateful {
    private static final Logger LOG = LoggerFactory.getLogger(Evaluations.class);
    private static final String NAME = "evaluation.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final EvaluationSettings settings;
    private final Evaluator evaluator;
    private final LongSupplier nanoClock;
    private final String metric;
    private final BestTracker tracker;
    private int step;
    private Map<String, Double> values = Map.of();
    private Map<String, Double> bestValues = Map.of();

    /** Whether the metric that decides is one of those that are measured; not every evaluation has to give it. */
    private boolean known;

    /**
     * The file of a checkpoint. Those from before models were compared have a step and values only.
     *
     * @param step after which the last evaluation was made; 0 for none
     * @param values what it gave
     * @param best the best evaluation; null for none
     * @param bestValues what it gave
     * @param withoutImprovement evaluations since the last improvement
     * @param greaterIsBetter by which direction the best was chosen; null in files from before it was noted
     * @param evaluation {@link Evaluator#identity}; null as above
     */
    record State(
            int step,
            Map<String, Double> values,
            @Nullable BestModel best,
            @Nullable Map<String, Double> bestValues,
            int withoutImprovement,
            @Nullable Boolean greaterIsBetter,
            @Nullable String evaluation) {}

    /**
     * For one run.
     *
     * @param evaluator measures the model
     * @param nanoClock for {@code eval_runtime}
     */
    public Evaluations(EvaluationSettings settings, Evaluator evaluator, LongSupplier nanoClock) {
        this.settings = settings;
        this.evaluator = evaluator;
        this.nanoClock = nanoClock;
        this.metric = settings.metric(evaluator.standardMetric());
        this.tracker = new BestTracker(metric, settings.isGreaterBetter(metric), settings.earlyStoppingThreshold());
    }

    /**
     * Refuses a metric that evaluations will not give, where that is known before the first one.
     *
     * @throws ConfigurationException naming those that there are
     */
    public void requireMetric() {
        if (settings.decides()) {
            Set<String> names = evaluator.names(metric);
            if (!names.isEmpty()) {
                requireMetric(names);
                known = true;
            }
        }
    }

    private void requireMetric(Set<String> names) {
        if (!names.contains(metric)) {
            throw new ConfigurationException("metric_for_best_model: expected one of "
                    + String.join(", ", new TreeSet<>(names)) + ", found " + metric);
        }
    }

    /** Whether an evaluation is to be made after {@code done} steps and was not made yet. */
    public boolean isDue(int done, int totalSteps) {
        Integer every = settings.evalSteps();
        return done > step && ((every != null && done % every == 0) || done == totalSteps);
    }

    /** Whether the last evaluation was made after {@code done} steps. */
    public boolean isMade(int done) {
        return done == step;
    }

    /**
     * Evaluates.
     *
     * @param done steps
     * @return what it gave, with {@code eval_runtime}; empty if it was given up
     * @throws ConfigurationException when the metric that decides is none of them
     */
    public Optional<Map<String, Double>> measure(int done) {
        long began = nanoClock.getAsLong();
        Optional<Map<String, Double>> given = evaluator.measure();
        if (given.isEmpty()) {
            return given;
        }
        Map<String, Double> measured = new LinkedHashMap<>(given.get());
        if (settings.decides()) {
            Double value = measured.get(metric);
            known |= value != null || tracker.best() != null;
            if (!known && measured.values().stream().allMatch(Double::isFinite)) {
                requireMetric(measured.keySet());
            }
            if (tracker.add(done, value == null ? Double.NaN : value)) {
                bestValues = measured;
            }
        }
        measured.put("eval_runtime", (nanoClock.getAsLong() - began) * 1e-9);
        step = done;
        values = measured;
        return Optional.of(measured);
    }

    /** The step whose checkpoint must be kept, to end with its weights; null for none. */
    public @Nullable BestModel toLoad() {
        return settings.loadBestModelAtEnd() ? tracker.best() : null;
    }

    /** After a resume: the checkpoint of the best evaluation is gone, so the best is looked for among those to come. */
    public void forgetBest() {
        BestModel lost = tracker.best();
        LOG.warn(
                "the checkpoint of the best evaluation ({}) is missing or damaged; the best model is chosen among the"
                        + " evaluations from here on",
                lost);
        tracker.restore(null, tracker.withoutImprovement());
        bestValues = Map.of();
    }

    /** Whether there was no improvement for as many evaluations as the settings allow. */
    public boolean isOver() {
        Integer patience = settings.earlyStoppingPatience();
        return patience != null && tracker.withoutImprovement() >= patience;
    }

    /** For the summary. */
    public HeldOutResult result() {
        boolean ofBest = toLoad() != null;
        return new HeldOutResult(ofBest ? bestValues : values, settings.decides() ? tracker.best() : null, isOver());
    }

    @Override
    public void saveState(Path checkpoint) {
        try {
            JSON.writeValue(
                    checkpoint.resolve(NAME).toFile(),
                    new State(
                            step,
                            values,
                            tracker.best(),
                            bestValues,
                            tracker.withoutImprovement(),
                            isGreaterBetter(),
                            evaluator.identity()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A checkpoint of a run that was not evaluated has no such state. Of one whose evaluations are not comparable, the best does
     * not count, and the last is made again if it is due: the run may be at its end.
     */
    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(NAME);
        if (!Files.exists(file)) {
            return;
        }
        try {
            State state = JSON.readValue(file.toFile(), State.class);
            BestModel best = state.best();
            Boolean greater = state.greaterIsBetter() == null ? isGreaterBetter() : state.greaterIsBetter();
            String on = state.evaluation() == null ? evaluator.identity() : state.evaluation();
            String was = best == null ? "" : rule(best.metric(), greater, on);
            String is = rule(metric, isGreaterBetter(), evaluator.identity());
            boolean comparable = best == null || was.equals(is);
            if (!comparable) {
                LOG.warn("{}: the best model was chosen by {}; it is chosen anew by {}", file, was, is);
            } else {
                tracker.restore(best, state.withoutImprovement());
                bestValues = state.bestValues() == null ? Map.of() : state.bestValues();
            }
            if (on.equals(evaluator.identity()) && (comparable || !settings.decides())) {
                step = state.step();
                values = state.values();
            }
        } catch (IOException e) {
            throw new DataException(file + ": no state of an evaluation: " + e.getMessage(), e);
        }
    }

    private boolean isGreaterBetter() {
        return settings.isGreaterBetter(metric);
    }

    /** By which a best model is chosen. */
    private static String rule(String metric, boolean greaterIsBetter, String evaluation) {
        return metric + ", greater_is_better=" + greaterIsBetter + (evaluation.isEmpty() ? "" : ", on " + evaluation);
    }
}
