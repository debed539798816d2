package ai.preceptor.rollout.actor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Registers gauges.
 *
 * @param registry where they go
 * @param made called with each gauge
 */
public record Gauges(MeterRegistry registry, Consumer<Meter> made) {

    /** A gauge with a value to be set. */
    public AtomicInteger count(String name, String description, Tags tags) {
        AtomicInteger value = new AtomicInteger();
        of(name, description, tags, value);
        return value;
    }

    /** A gauge of {@code value}, which it references strongly. */
    public void of(String name, String description, Tags tags, Number value) {
        made.accept(Gauge.builder(name, value, Number::doubleValue)
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry));
    }
}
