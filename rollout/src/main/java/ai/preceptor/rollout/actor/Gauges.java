package ai.preceptor.rollout.actor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Gauges of a run; they leave the registry when it ends. */
public final class Gauges implements AutoCloseable {
    private final MeterRegistry registry;
    private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();

    /** @param registry where they are shown */
    public Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A gauge with a value to be set. */
    public AtomicInteger count(String name, String description, Tags tags) {
        AtomicInteger value = new AtomicInteger();
        of(name, description, tags, value);
        return value;
    }

    /** A gauge of {@code value}, which it references strongly. */
    public void of(String name, String description, Tags tags, Number value) {
        add(Gauge.builder(name, value, Number::doubleValue)
                .description(description)
                .tags(tags)
                .strongReference(true));
    }

    /** Any other gauge. */
    public void add(Gauge.Builder<?> gauge) {
        registered.add(gauge.register(registry));
    }

    @Override
    public void close() {
        registered.forEach(registry::remove);
    }
}
