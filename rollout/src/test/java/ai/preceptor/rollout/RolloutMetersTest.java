package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.builder;
import static ai.preceptor.rollout.Rollouts.learn;
import static ai.preceptor.rollout.Rollouts.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Trajectory;
import ai.preceptor.testkit.MetricsPage;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RolloutMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void next_someSteps_allIsCounted() {
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .registry(registry)
                .build()
                .start()) {
            List<List<Trajectory>> batches = learn(rollouts, 3, 4);

            int tokens = batches.stream()
                    .flatMap(List::stream)
                    .mapToInt(one -> one.completion().length())
                    .sum();
            assertThat(counter("rollout.prompts.admitted")).isBetween(12.0, 16.0);
            assertThat(counter("rollout.prompts.delivered")).isEqualTo(12);
            assertThat(counter("rollout.samples")).isEqualTo(36);
            assertThat(counter("rollout.tokens")).isEqualTo(tokens);
            assertThat(gauge("rollout.tokens.per.second")).isPositive();
            assertThat(gauge("rollout.buffer.capacity")).isEqualTo(4);
            assertThat(gauge("rollout.prompts.inflight.limit")).isEqualTo(4);
            assertThat(gauge("rollout.policy.version")).isEqualTo(3);
            assertThat(requests("generate")).isEqualTo(6);
            assertThat(requests("score")).isEqualTo(12);
            assertThat(registry.get("rollout.learner.wait").timer().count()).isEqualTo(3);
            assertThat(registry.get("rollout.publish.time").timer().count()).isEqualTo(3);
        }
    }

    @Test
    void everyMeter_isOnThePage() {
        try (VertxRollouts rollouts = builder(plan().build(), new FakeEngine())
                .registry(registry)
                .build()
                .start()) {
            learn(rollouts, 1, 4);
            Set<String> names = new TreeSet<>();
            for (Meter meter : registry.getMeters()) {
                names.add(meter.getId().getName());
            }
            assertThat(names).hasSizeGreaterThan(15).allMatch(name -> name.startsWith("rollout."));
            MetricsPage.requireDocumented(names);
        }
    }

    @Test
    void close_secondRunOnTheSameRegistry_showsItsOwnGaugesAndAddsToTheCounters() {
        for (int capacity = 8; capacity <= 9; capacity++) {
            try (VertxRollouts rollouts = builder(plan().bufferPrompts(capacity).build(), new FakeEngine())
                    .registry(registry)
                    .build()
                    .start()) {
                rollouts.next(4);
                assertThat(gauge("rollout.buffer.capacity")).isEqualTo(capacity);
            }
        }
        assertThat(counter("rollout.prompts.delivered")).isEqualTo(8);
        assertThat(registry.find("rollout.buffer.capacity").gauge()).isNull();
    }

    private double counter(String name) {
        return registry.get(name).counter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private long requests(String stage) {
        return registry.get("rollout.request.time").tag("stage", stage).timer().count();
    }
}
