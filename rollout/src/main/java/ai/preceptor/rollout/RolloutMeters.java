package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.ActorStatsRegistry;
import ai.preceptor.rollout.actor.Gauges;
import ai.preceptor.rollout.actor.StageMeters;
import ai.preceptor.rollout.worker.WorkerMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Meters of a run; the names are explained on the page of metrics. Gauges leave the registry when the run ends. */
final class RolloutMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final Gauges gauges;
    private final ActorStatsRegistry actorStats = new ActorStatsRegistry(System::nanoTime);
    private final Counter admitted;
    private final Counter delivered;
    private final Counter samples;
    private final Counter tokens;
    private final Counter stale;
    private final DistributionSummary staleness;
    private final Timer learnerWait;
    private final Timer publication;
    private final PromptLatency latency;
    private final AtomicInteger inFlight;
    private final AtomicInteger buffered;
    private final AtomicInteger untaken;
    private final AtomicLong version = new AtomicLong();
    private volatile double tokensPerSecond;

    RolloutMeters(MeterRegistry registry, RolloutPlan plan) {
        this.registry = registry;
        this.admitted = counter("rollout.prompts.admitted", "prompts admitted");
        this.delivered =
                counter("rollout.prompts.delivered", "prompts delivered to the learner with all their answers");
        this.samples = counter("rollout.samples", "sampled answers, stale ones included");
        this.tokens = counter("rollout.tokens", "sampled tokens, stop tokens included");
        this.stale = counter(
                "rollout.prompts.stale", "prompts whose answers were too old for the learner and are sampled again");
        this.staleness = DistributionSummary.builder("rollout.staleness")
                .description("publications of weights between sampling and delivery, for each prompt")
                .register(registry);
        this.learnerWait = timer("rollout.learner.wait", "time the learner waited for answers, for each call");
        this.publication = timer("rollout.publish.time", "time the learner waited to publish weights, for each call");
        this.latency = new PromptLatency(
                System::nanoTime, timer("rollout.prompt.time", "time from admission to delivery, for each prompt"));
        this.gauges = new Gauges(registry);
        this.inFlight = gauges.count("rollout.prompts.inflight", "prompts between feeder and buffer", Tags.empty());
        this.buffered = gauges.count("rollout.buffer.prompts", "scored prompts waiting for the learner", Tags.empty());
        this.untaken =
                gauges.count("rollout.prompts.untaken", "prompts admitted and not taken by the learner", Tags.empty());
        gauges.of(
                "rollout.prompts.inflight.limit",
                "largest number of prompts in flight",
                Tags.empty(),
                plan.promptsInFlight());
        gauges.of("rollout.buffer.capacity", "largest number of prompts not taken", Tags.empty(), plan.bufferPrompts());
        gauges.of("rollout.policy.version", "version of the current weights", Tags.empty(), version);
        gauges.add(Gauge.builder("rollout.tokens.per.second", this, self -> self.tokensPerSecond)
                .description("sampled tokens a second in the last generation request"));
        gauges.add(Gauge.builder("rollout.prompts.oldest.age", latency, PromptLatency::oldestSeconds)
                .description("time since the oldest prompt that is not delivered was admitted")
                .baseUnit("seconds"));
        unscoredCounter("scorer");
        setAsideCounter("feed");
        setAsideCounter("generate");
    }

    StageMeters stage(String name) {
        return new StageMeters(registry, name, actorStats, gauges);
    }

    ActorStatsRegistry actorStats() {
        return actorStats;
    }

    /** Meters of workers. */
    WorkerMeters workers() {
        return new WorkerMeters(registry, gauges);
    }

    /** @param from index of the first */
    void admitted(long from, int prompts) {
        admitted.increment(prompts);
        for (long index = from; index < from + prompts; index++) {
            latency.admitted(index);
        }
    }

    void delivered(long index, long publications) {
        delivered.increment();
        latency.delivered(index);
        staleness.record((double) publications);
    }

    void setAside(long index, String stage) {
        latency.gone(index);
        setAsideCounter(stage).increment();
    }

    /** There is no prompt with this index. */
    void missing(long index) {
        latency.gone(index);
    }

    void staleDropped() {
        stale.increment();
    }

    void sampled(List<SampleGroup> groups, long nanos) {
        int count = groups.stream().mapToInt(SampleGroup::tokens).sum();
        samples.increment(
                groups.stream().mapToInt(group -> group.completions().size()).sum());
        tokens.increment(count);
        tokensPerSecond = count / (Math.max(1, nanos) * 1e-9);
    }

    /** @param reason {@code scorer} if the scorer reported it, otherwise the kind of failure */
    void unscored(String reason, int answers) {
        unscoredCounter(reason).increment(answers);
    }

    Timer learnerWait() {
        return learnerWait;
    }

    Timer publication() {
        return publication;
    }

    void show(FlowControl flow) {
        inFlight.set(flow.inFlight());
        buffered.set(flow.buffered());
        untaken.set(flow.untaken());
        version.set(flow.version());
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).register(registry);
    }

    private Counter unscoredCounter(String reason) {
        return Counter.builder("rollout.samples.unscored")
                .description("answers without a score, by reason")
                .tag("reason", reason)
                .register(registry);
    }

    private Counter setAsideCounter(String stage) {
        return Counter.builder("rollout.prompts.set.aside")
                .description("prompts without answers after all retries, by stage")
                .tag("stage", stage)
                .register(registry);
    }

    @Override
    public void close() {
        actorStats.close();
        gauges.close();
    }
}
