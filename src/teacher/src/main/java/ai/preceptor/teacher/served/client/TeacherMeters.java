package ai.preceptor.teacher.served.client;

import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.served.http.CallFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Meters of a served teacher; the names are explained on the page of metrics. Gauges leave the registry at the end. */
final class TeacherMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Counter answered;
    private final Counter reused;
    private final Counter retried;
    private final Counter read;
    private final Counter written;
    private final Counter cost;
    private final Timer time;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final List<Meter> gauges;

    TeacherMeters(MeterRegistry registry) {
        this.registry = registry;
        this.answered =
                counter("teacher.calls.answered", "calls that were answered and are in the ledger", Tags.empty());
        this.reused = counter(
                "teacher.calls.reused", "questions answered from the ledger or by a call in flight", Tags.empty());
        this.retried = counter("teacher.calls.retried", "attempts after a failed one", Tags.empty());
        this.read = tokens("prompt");
        this.written = tokens("completion");
        this.cost = counter("teacher.cost", "cost of all attempts, in the unit of the prices", Tags.empty());
        this.time = Timer.builder("teacher.call.time")
                .description("time of the attempt that was answered, for each call")
                .register(registry);
        for (CallFailure kind : CallFailure.values()) {
            failures(kind);
        }
        this.gauges = List.of(
                gauge("teacher.calls.running", running, "calls in flight"),
                gauge("teacher.calls.waiting", waiting, "calls in the queue"),
                gauge("teacher.calls.limit", atOnce, "limit of concurrent calls"),
                gauge("teacher.breaker.open", broken, "1 while the circuit breaker is open"));
    }

    private Meter gauge(String name, AtomicInteger value, String description) {
        return Gauge.builder(name, value, AtomicInteger::doubleValue)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Of any attempt. */
    void billed(double paid) {
        cost.increment(paid);
    }

    void answered(ChatReply reply, long nanos) {
        answered.increment();
        read.increment((double) reply.promptTokens());
        written.increment((double) reply.completionTokens());
        time.record(Duration.ofNanos(nanos));
    }

    void reused() {
        reused.increment();
    }

    void failed(CallFailure kind) {
        failures(kind).increment();
    }

    void retried() {
        retried.increment();
    }

    void show(RateLimiter limiter, int queue) {
        running.set(limiter.running());
        waiting.set(queue);
        atOnce.set(limiter.atOnce());
        broken.set(limiter.isBroken() ? 1 : 0);
    }

    private Counter failures(CallFailure kind) {
        return counter("teacher.calls.failed", "attempts that failed, by kind", Tags.of("kind", kind.label()));
    }

    private Counter tokens(String kind) {
        return counter("teacher.tokens", "tokens read and written by the teacher, by kind", Tags.of("kind", kind));
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    @Override
    public void close() {
        for (Meter gauge : gauges) {
            registry.remove(gauge);
        }
    }
}
