package ai.preceptor.cli.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Meters of sampling as {@code status.json} has them: {@code stages} with their queues, {@code actors} with the time they were
 * busy, and {@code figures} that are single numbers. Empty for a run that does not sample.
 */
public final class LiveMeters implements Supplier<Map<String, Object>> {
    private static final String STAGE = "rollout.stage.";
    private static final String BUSY = "rollout.actor.busy";
    private static final String PREFIX = "rollout.";

    private final MeterRegistry registry;

    /** @param registry of the run */
    public LiveMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Map<String, Object> get() {
        Map<String, Map<String, Object>> stages = new TreeMap<>();
        List<Map<String, Object>> actors = new ArrayList<>();
        Map<String, Double> figures = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            String stage = Objects.requireNonNullElse(id.getTag("stage"), "");
            if (meter instanceof Gauge gauge && id.getName().startsWith(STAGE)) {
                stages.computeIfAbsent(stage, LiveMeters::stage)
                        .put(id.getName().substring(STAGE.length()), gauge.value());
            } else if (meter instanceof Gauge gauge && id.getName().startsWith(PREFIX) && stage.isEmpty()) {
                put(figures, id.getName().substring(PREFIX.length()), gauge.value());
            } else if (meter instanceof Timer timer && id.getName().equals(BUSY)) {
                actors.add(actor(id, stage, timer));
            }
        }
        Map<String, Object> all = new LinkedHashMap<>();
        if (!stages.isEmpty()) {
            all.put("stages", List.copyOf(stages.values()));
        }
        if (!actors.isEmpty()) {
            all.put("actors", actors);
        }
        if (!figures.isEmpty()) {
            all.put("figures", figures);
        }
        return all;
    }

    private static Map<String, Object> stage(String name) {
        Map<String, Object> stage = new LinkedHashMap<>();
        stage.put("stage", name);
        return stage;
    }

    private static Map<String, Object> actor(Meter.Id id, String stage, Timer timer) {
        Map<String, Object> actor = new LinkedHashMap<>();
        actor.put("actor", Objects.requireNonNullElse(id.getTag("actor"), ""));
        actor.put("stage", stage);
        actor.put("busy_seconds", timer.totalTime(TimeUnit.SECONDS));
        actor.put("prompts", timer.count());
        return actor;
    }

    private static void put(Map<String, Double> figures, String name, double value) {
        if (Double.isFinite(value)) {
            figures.put(name.replace('.', ' '), value);
        }
    }
}
