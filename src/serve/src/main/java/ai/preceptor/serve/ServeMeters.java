package ai.preceptor.serve;

import ai.preceptor.lm.engine.EngineStatistics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** Meters of a server; the names are explained on the page of metrics. */
final class ServeMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(30),
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(100)
    };

    private static final String TOKENS = "tokens computed of prompts and sampled, by kind";

    private final MeterRegistry registry;
    private final Timer firstToken;

    /** Why an answer ended before it was delivered. */
    enum Cancelled {
        CLIENT,
        SLOW,
        DEADLINE,
        DEFECT,
        SHUTDOWN
    }

    ServeMeters(MeterRegistry registry, EngineThread engine, Admissions admissions, BodyIntake intake) {
        this.registry = registry;
        this.firstToken = timer(
                "serve.first.token.time",
                "time from the whole body to the first token, of streamed requests",
                Tags.empty());
        Gauge.builder("serve.requests.running", admissions, Admissions::open)
                .description("accepted requests that are not answered yet")
                .register(registry);
        Gauge.builder("serve.bodies.open", intake.count(), AtomicInteger::doubleValue)
                .description("requests with incomplete bodies")
                .register(registry);
        Gauge.builder("serve.bodies.bytes", intake.bytes(), AtomicLong::doubleValue)
                .description("bytes of incomplete bodies")
                .register(registry);
        gauge(engine, "serve.samples.running", EngineStatistics::running, "answers being decoded");
        gauge(engine, "serve.samples.waiting", EngineStatistics::waiting, "answers that wait for a slot");
        gauge(engine, "serve.cache.blocks.reserved", EngineStatistics::reservedBlocks, "blocks of 64 tokens in use");
        gauge(engine, "serve.cache.blocks", EngineStatistics::blocks, "all blocks of 64 tokens");
        Gauge.builder("serve.tokens.per.second", engine, EngineThread::tokensPerSecond)
                .description("tokens sampled per second, recently")
                .register(registry);
        counter(engine, "serve.tokens", TOKENS, Tags.of("kind", "prompt"), EngineStatistics::prefilledTokens);
        counter(engine, "serve.tokens", TOKENS, Tags.of("kind", "completion"), EngineStatistics::generatedTokens);
        counter(engine, "serve.decode.steps", "steps of the engine", Tags.empty(), EngineStatistics::decodeSteps);
        counter(
                engine,
                "serve.decode.rows",
                "answers decoded, summed over the steps",
                Tags.empty(),
                EngineStatistics::decodedRows);
        for (Cancelled reason : Cancelled.values()) {
            cancelled(reason, 0);
        }
    }

    private void gauge(EngineThread engine, String name, ToDoubleFunction<EngineStatistics> value, String what) {
        Gauge.builder(name, engine, self -> value.applyAsDouble(self.statistics()))
                .description(what)
                .register(registry);
    }

    private void counter(
            EngineThread engine, String name, String what, Tags tags, ToDoubleFunction<EngineStatistics> value) {
        FunctionCounter.builder(name, engine, self -> value.applyAsDouble(self.statistics()))
                .description(what)
                .tags(tags)
                .register(registry);
    }

    private Timer timer(String name, String what, Tags tags) {
        return Timer.builder(name)
                .description(what)
                .serviceLevelObjectives(BUCKETS)
                .tags(tags)
                .register(registry);
    }

    void answered(String endpoint, int status, long nanos) {
        Counter.builder("serve.requests")
                .description("requests that were answered, by endpoint and status")
                .tags("endpoint", endpoint, "status", Integer.toString(status))
                .register(registry)
                .increment();
        timer(
                        "serve.request.time",
                        "time from the request's head to the end of the answer",
                        Tags.of("endpoint", endpoint))
                .record(Duration.ofNanos(nanos));
    }

    void firstToken(long nanos) {
        firstToken.record(Duration.ofNanos(nanos));
    }

    void cancelled(Cancelled reason, int samples) {
        Counter.builder("serve.samples.cancelled")
                .description("answers that ended before they were delivered, by reason")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment(samples);
    }
}
