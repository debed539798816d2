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
        this.joined = counter(registry, "rollout.workers.joined", "workers that joined");
        this.lost = counter(registry, "rollout.workers.lost", "workers that died, fell silent or hung");
        this.refused = counter(registry, "rollout.workers.refused", "workers that were refused when joining");
        this.here = gauges.count("rollout.workers", "workers connected", Tags.empty());
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
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
