package ai.preceptor.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.RetryPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The plan, the order of prompts, seeds, the lease and the buffer: each alone. */
class PartsTest {

    @Test
    void plan_defaults_followFromTheStep() {
        RolloutPlan plan =
                RolloutPlan.builder().promptsPerStep(6).maxStaleness(2).build();

        assertThat(plan.promptsPerRequest()).isEqualTo(6);
        assertThat(plan.bufferPrompts()).isEqualTo(18);
        assertThat(plan.promptsInFlight()).isEqualTo(18);
        assertThat(plan.onStale()).isEqualTo(OnStale.WAIT);
    }

    @Test
    void plan_dividedAmongGenerators_hasARequestForEach_andNoneEmpty() {
        RolloutPlan plan =
                RolloutPlan.builder().promptsPerStep(8).maxStaleness(2).build();

        assertThat(plan.dividedAmong(1)).isEqualTo(plan);
        assertThat(plan.dividedAmong(3).promptsPerRequest()).isEqualTo(3);
        assertThat(plan.dividedAmong(64).promptsPerRequest()).isEqualTo(1);
        assertThat(plan.dividedAmong(3).bufferPrompts()).isEqualTo(24);
    }

    @Test
    void plan_severalImpossibleValues_areRefusedTogether() {
        assertThatThrownBy(() -> RolloutPlan.builder()
                        .samplesPerPrompt(0)
                        .promptsPerRequest(4)
                        .promptsInFlight(2)
                        .bufferPrompts(3)
                        .scoring(RetryPolicy.standard()
                                .withDeadline(Duration.ZERO)
                                .withMaxFailuresInARow(0))
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("samples_per_prompt is 0, legal: 1 or more")
                .hasMessageContaining("prompts_in_flight is 2, legal: 4 (prompts_per_request) or more")
                .hasMessageContaining(
                        "buffer_prompts is 3, legal: prompts_per_step * (max_staleness + 1) = 8 or more when stale")
                .hasMessageContaining("scoring.deadline is PT0S, legal: above 0")
                .hasMessageContaining("scoring.max_failures_in_a_row is 0, legal: 1 or more");
    }

    @Test
    void at_shuffled_eachEpochHasEveryPromptInAnOrderOfItsOwn() {
        List<Prompt> prompts = Rollouts.prompts(20);
        ListedPrompts source = new ListedPrompts(prompts, true, 5, 2);
        List<Prompt> first = LongStream.range(0, 20)
                .mapToObj(i -> source.at(i).orElseThrow())
                .toList();
        List<Prompt> second = LongStream.range(20, 40)
                .mapToObj(i -> source.at(i).orElseThrow())
                .toList();

        assertThat(first).containsExactlyInAnyOrderElementsOf(prompts).isNotEqualTo(prompts);
        assertThat(second).containsExactlyInAnyOrderElementsOf(prompts).isNotEqualTo(first);
        assertThat(source.at(7)).contains(first.get(7));
        assertThat(source.at(40)).isEmpty();
        assertThat(new ListedPrompts(prompts, true, 5, Long.MAX_VALUE).at(7)).contains(first.get(7));
        assertThat(new ListedPrompts(prompts, true, 6, Long.MAX_VALUE).at(1_000_000_000_007L))
                .isPresent();
    }

    @Test
    void seed_neighbours_areAllDifferentAndDependOnTheBase() {
        Set<Long> seeds = new HashSet<>();
        for (long base = 0; base < 30; base++) {
            for (long index = 0; index < 30; index++) {
                seeds.add(FlowWalk.prompt(index).seed(base));
            }
        }
        assertThat(seeds).hasSize(900);
        assertThat(FlowWalk.prompt(3).seed(9)).isEqualTo(FlowWalk.prompt(3).seed(9));
    }

    @Test
    void take_heldByAnother_namesTheHolder() {
        DeviceLease lease = DeviceLease.shared();
        DeviceLease.Hold hold = lease.take("learner", Duration.ofSeconds(1));

        assertThatThrownBy(() -> lease.take("generator", Duration.ofMillis(5)))
                .isInstanceOf(TeacherException.class)
                .hasMessage("generator: the device is kept by the learner for longer than PT0.005S");
        hold.close();
        hold.close();
        lease.take("generator", Duration.ofMillis(5));
        assertThatThrownBy(() -> lease.take("learner", Duration.ofMillis(5)))
                .as("closing a hold twice frees the device once")
                .hasMessageContaining("kept by the generator");
    }

    @Test
    void take_separateDevices_neverWaits() {
        DeviceLease lease = DeviceLease.separate();
        lease.take("learner", Duration.ofMillis(1));

        assertThat(lease.take("generator", Duration.ofMillis(1))).isNotNull();
    }

    @Test
    void put_unexpectedOrTwice_isRefused() {
        RolloutBuffer buffer = new RolloutBuffer();
        SampleGroup group = new SampleGroup(FlowWalk.prompt(4), List.of(), List.of(), 0, 0);

        assertThatThrownBy(() -> buffer.put(group)).hasMessage("prompt 4: a group came that nobody expects");
        buffer.expect(4);
        buffer.put(group);
        assertThatThrownBy(() -> buffer.put(group)).hasMessage("prompt 4: a group came twice");
    }
}
