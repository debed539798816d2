package ai.preceptor.rollout.actor;

import ai.preceptor.rollout.message.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of one stage and its actors; the names are explained on the page of metrics. */
public final class StageMeters {
    private final MeterRegistry registry;
    private final Tags stage;
    private final ActorStatsRegistry stats;
    private final String name;
    private final Timer time;
    private final AtomicInteger waiting;
    private final AtomicInteger busy;
    private final AtomicInteger actors;

    /** @param gauges of the run */
    public StageMeters(MeterRegistry registry, String name, ActorStatsRegistry stats, Gauges gauges) {
        this.registry = registry;
        this.name = name;
        this.stats = stats;
        this.stage = Tags.of("stage", name);
        this.time = Timer.builder("rollout.request.time")
                .description("time an actor worked on a request that succeeded")
                .tags(stage)
                .register(registry);
        this.waiting = gauges.count("rollout.stage.queue", "requests waiting for an actor", stage);
        this.busy = gauges.count("rollout.stage.busy", "actors at work", stage);
        this.actors = gauges.count("rollout.stage.actors", "actors present", stage);
        // Registers the counters at 0 before the first failure.
        List.of(FailureKind.values()).forEach(this::failures);
        restarts();
        retries();
    }

    void worked(long nanos) {
        time.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Adds an actor's time on a request that succeeded. */
    void busy(String actor, long nanos) {
        Timer.builder("rollout.actor.busy")
                .description("time an actor worked on requests that succeeded")
                .tags(stage.and("actor", actor))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Registers an actor. */
    ActorStatsRegistry.Entry entry(String actor, boolean remote) {
        return stats.open(name, actor, remote);
    }

    void failed(FailureKind kind) {
        failures(kind).increment();
    }

    void retried() {
        retries().increment();
    }

    void restarted() {
        restarts().increment();
    }

    void show(int requestsWaiting, ActorPool pool) {
        waiting.set(requestsWaiting);
        busy.set(pool.busy());
        actors.set(pool.size());
    }

    private Counter failures(FailureKind kind) {
        return counter(
                "rollout.requests.failed", "attempts that failed, by stage and kind", stage.and("kind", kind.label()));
    }

    private Counter retries() {
        return counter("rollout.requests.retried", "attempts after a failed one", stage);
    }

    private Counter restarts() {
        return counter(
                "rollout.actors.restarted", "actors that were replaced because they hung or kept failing", stage);
    }

    private Counter counter(String meter, String description, Tags tags) {
        return Counter.builder(meter).description(description).tags(tags).register(registry);
    }
}
