package ai.preceptor.cli.metrics;

import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last step's and the last evaluation's line of {@code metrics.jsonl} as gauges: {@code preceptor.step}, and {@code preceptor.metric} with the
 * metric's name as the tag {@code name}.
 */
public final class StepMeters implements TrainListener {
    private final MeterRegistry registry;
    private final Map<String, Double> values = new ConcurrentHashMap<>();

    /** @param registry where the gauges go */
    public StepMeters(MeterRegistry registry) {
        this.registry = registry;
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
        boolean counter = name.equals("step");
        Gauge.Builder<Map<String, Double>> gauge = Gauge.builder(
                counter ? "preceptor.step" : "preceptor.metric", values, all -> all.getOrDefault(name, Double.NaN));
        (counter ? gauge : gauge.tag("name", name)).register(registry);
    }
}
