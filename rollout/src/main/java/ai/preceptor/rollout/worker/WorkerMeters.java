package ai.preceptor.rollout.worker;

import ai.preceptor.rollout.actor.Gauges;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of workers; the names are explained on the page of metrics. */
public final class WorkerMeters {
    private final Counter joined;
    private final Counter lost;
    private final Counter refused;
    private final AtomicInteger here;

    /** @param gauges of the run */
    public WorkerMeters(MeterRegistry registry, Gauges gauges) {
        this.joined = registry.counter("rollout.workers.joined");
        this.lost = registry.counter("rollout.workers.lost");
        this.refused = registry.counter("rollout.workers.refused");
        this.here = gauges.count("rollout.workers", "workers connected", Tags.empty());
    }

    void joined() {
        joined.increment();
        here.incrementAndGet();
    }

    void lost() {
        lost.increment();
        here.decrementAndGet();
    }

    void refused() {
        refused.increment();
    }
}
