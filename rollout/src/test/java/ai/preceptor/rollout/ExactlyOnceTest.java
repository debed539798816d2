package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.prompts;
import static ai.preceptor.rollout.Rollouts.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Trajectory;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generators and scorers that throw, hang, lie and are late, and a slow learner: every prompt is somewhere, once. */
@Timeout(120)
class ExactlyOnceTest {
    private static final int PROMPTS = 60;
    private static final RetryPolicy BRIEF =
            new RetryPolicy(Duration.ofMillis(400), 2, Duration.ofMillis(1), Duration.ofMillis(3), 1000);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyPrompt_isDeliveredOrSetAside_once(long seed) {
        FaultInjector faults = new FaultInjector(seed);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        OnStale onStale = seed % 2 == 0 ? OnStale.DROP : OnStale.WAIT;
        RolloutPlan plan = RolloutPlan.builder()
                .promptsPerStep(4)
                .samplesPerPrompt(2)
                .promptsPerRequest(2)
                .maxStaleness((int) (seed % 3))
                .onStale(onStale)
                .bufferPrompts(16)
                .promptsInFlight(12)
                .scorerInstances(3)
                .generation(BRIEF)
                .scoring(BRIEF)
                .grace(Duration.ofSeconds(2))
                .learnerDeadline(Duration.ofSeconds(60))
                .build();
        List<Trajectory> all = new ArrayList<>();
        List<DeadLetter> letters = new ArrayList<>();
        try (VertxRollouts rollouts = rollouts(plan, faults)
                .registry(registry)
                .deadLetters(letters::add)
                .build()
                .start()) {
            int step = 0;
            for (List<Trajectory> batch = rollouts.next(4); !batch.isEmpty(); batch = rollouts.next(4)) {
                all.addAll(batch);
                sleep(faults.next());
                assertThat(registry.get("rollout.prompts.untaken").gauge().value())
                        .isLessThanOrEqualTo(16);
                rollouts.publish(++step);
            }
        }
        TreeMap<String, Integer> places = new TreeMap<>();
        all.forEach(one -> places.merge(one.prompt().text().asString(), 1, Integer::sum));
        letters.forEach(letter -> assertThat(places.put(letter.prompt().text().asString(), 2))
                .as("seed %d: set aside and delivered: %s", seed, letter)
                .isNull());
        assertThat(faults.made.get()).as("seed %d", seed).isGreaterThan(10);
        assertThat(places)
                .as("seed %d", seed)
                .hasSize(PROMPTS)
                .allSatisfy((prompt, times) -> assertThat(times).isEqualTo(2));
        assertThat(letters.stream()
                        .mapToLong(DeadLetter::index)
                        .sorted()
                        .distinct()
                        .count())
                .isEqualTo(letters.size());
        assertThat(all.stream().filter(one -> one.score().isScored()))
                .allMatch(one -> one.score().value() == one.completion().text().length());
    }

    private static RolloutSetupBuilder rollouts(RolloutPlan plan, FaultInjector faults) {
        return VertxRollouts.builder(plan)
                .prompts(new ListedPrompts(prompts(PROMPTS), false, 0, 1))
                .encoder(Rollouts::ids)
                .lease(DeviceLease.separate())
                .engines(Engines.several(3, version -> new FakeEngine() {
                    @Override
                    public List<List<Completion>> generate(List<EncodedPrompt> asked, int samples, long seedBase) {
                        boolean lies = faults.happens();
                        return super.generate(asked, lies ? samples - 1 : samples, seedBase);
                    }
                }))
                .scorers(() -> Rollouts.all(faults::scores));
    }
}
