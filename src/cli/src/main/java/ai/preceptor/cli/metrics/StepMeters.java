package ai.preceptor.cli.metrics;

import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last step's and the last evaluation's line of {@code metrics.jsonl} as gauges: {@code preceptor.step}, and
 * {@code preceptor.metric} with the metric's name as the tag {@code name}; beside them {@code preceptor.steps.planned}, the steps of
 * the run.
 */
public final class StepMeters implements TrainListener {
    private static final String STEP = "step";
    private static final String PLANNED = "steps planned"; // no name of a metric has a space

    private final MeterRegistry registry;
    private final Map<String, Double> values = new ConcurrentHashMap<>();

    /** @param registry where the gauges go */
    public StepMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onStart(int firstStep, int totalSteps) {
        keep(STEP, firstStep);
        keep(PLANNED, totalSteps);
    }

    @Override
    public void onStep(StepMetrics step) {
        step.row().forEach(this::keep);
    }

    @Override
    public void onEvaluation(int step, Map<String, Double> measured) {
        measured.forEach(this::keep);
    }

    private void keep(String name, Object value) {
        if (value instanceof Number number && values.put(name, number.doubleValue()) == null) {
            register(name);
        }
    }

    private void register(String name) {
        switch (name) {
            case STEP -> gauge("preceptor.step", name, "optimizer steps done").register(registry);
            case PLANNED ->
                gauge("preceptor.steps.planned", name, "optimizer steps of the run")
                        .register(registry);
            default ->
                gauge("preceptor.metric", name, "last value of the metric in metrics.jsonl with this name")
                        .tag("name", name)
                        .register(registry);
        }
    }

    private Gauge.Builder<Map<String, Double>> gauge(String meter, String name, String description) {
        return Gauge.builder(meter, values, all -> all.getOrDefault(name, Double.NaN))
                .description(description)
                .strongReference(true);
    }
}
