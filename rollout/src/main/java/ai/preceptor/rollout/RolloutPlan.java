package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.rollout.actor.RetryPolicy;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How completions are sampled, scored and buffered for the learner.
 *
 * @param promptsPerStep prompts that the learner takes between two publications of its weights, 1 or more; default 8
 * @param samplesPerPrompt completions per prompt, 1 or more; default 4
 * @param promptsPerRequest prompts per request to a generator, 1 or more; default {@code promptsPerStep}
 * @param promptsInFlight most prompts between the feeder and the buffer, at least {@code promptsPerRequest}; default {@code
 *     bufferPrompts}
 * @param bufferPrompts most prompts that were admitted and not yet taken by the learner, in flight or scored; at least
 *     {@code promptsInFlight}, and with {@link OnStale#WAIT} at least {@code promptsPerStep * (maxStaleness + 1)}, which is the
 *     default, or one request if that is more
 * @param maxStaleness most publications between the policy that sampled a completion and the one that learns
 *     from it; 0, the default, is strictly on-policy
 * @param onStale how {@code maxStaleness} is enforced; default {@link OnStale#WAIT}
 * @param scorerInstances scorers that run in parallel, 1 or more; default 1
 * @param generation deadline and retries of generation; default {@link RetryPolicy#standard}
 * @param refresh longest time for a generator to load published weights, during which no steps are counted; zero, the default,
 *     is {@code generation}'s deadline, but at most ten minutes
 * @param scoring deadline and retries of scoring; default the same with a deadline of two minutes
 * @param learnerDeadline longest time that the learner waits in {@code next} or {@code publish}, above 0; default one hour
 * @param grace longest time for an actor to stop after an interrupt, above 0; default 30 seconds
 * @param heartbeatTimeout longest time that an actor which counts its steps may work without making one, above 0; default
 *     two minutes. Must exceed the longest step: the prefill of the longest prompt, or a pass of a model that scores
 * @param seed of every sample; default 0
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record RolloutPlan(
        int promptsPerStep,
        int samplesPerPrompt,
        int promptsPerRequest,
        int promptsInFlight,
        int bufferPrompts,
        int maxStaleness,
        OnStale onStale,
        int scorerInstances,
        RetryPolicy generation,
        Duration refresh,
        RetryPolicy scoring,
        Duration learnerDeadline,
        Duration grace,
        Duration heartbeatTimeout,
        long seed) {
    /** Stands for a number of prompts that follows from the others. */
    public static final int DERIVED = Integer.MIN_VALUE;

    private static final Duration LONGEST_REFRESH = Duration.ofMinutes(10);

    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public RolloutPlan {
        promptsPerRequest = promptsPerRequest == DERIVED ? promptsPerStep : promptsPerRequest;
        if (bufferPrompts == DERIVED) {
            long needed = Math.max((long) promptsPerStep * (maxStaleness + 1L), promptsPerRequest);
            bufferPrompts = (int) Math.min(Integer.MAX_VALUE, needed);
        }
        promptsInFlight = promptsInFlight == DERIVED ? bufferPrompts : promptsInFlight;
        if (refresh.isZero()) {
            refresh = generation.deadline().compareTo(LONGEST_REFRESH) < 0 ? generation.deadline() : LONGEST_REFRESH;
        }
        List<String> problems = new ArrayList<>();
        atLeast(problems, "prompts_per_step", promptsPerStep, 1, "");
        atLeast(problems, "samples_per_prompt", samplesPerPrompt, 1, "");
        atLeast(problems, "prompts_per_request", promptsPerRequest, 1, "");
        atLeast(problems, "prompts_in_flight", promptsInFlight, promptsPerRequest, " (prompts_per_request)");
        atLeast(problems, "buffer_prompts", bufferPrompts, promptsInFlight, " (prompts_in_flight)");
        atLeast(problems, "max_staleness", maxStaleness, 0, "");
        if (onStale == OnStale.WAIT && (long) promptsPerStep * (maxStaleness + 1L) > bufferPrompts) {
            problems.add("buffer_prompts is " + bufferPrompts + ", legal: prompts_per_step * (max_staleness + 1) = "
                    + (long) promptsPerStep * (maxStaleness + 1L) + " or more when stale answers are waited for");
        }
        atLeast(problems, "scorer_instances", scorerInstances, 1, "");
        problems.addAll(generation.problems("generation"));
        positive(problems, "refresh", refresh);
        problems.addAll(scoring.problems("scoring"));
        positive(problems, "learner_deadline", learnerDeadline);
        positive(problems, "grace", grace);
        positive(problems, "heartbeat_timeout", heartbeatTimeout);
        if (!problems.isEmpty()) {
            throw new ConfigurationException("rollout: " + String.join("; ", problems));
        }
    }

    /** Starts from the defaults. */
    public static RolloutPlanBuilder builder() {
        return RolloutPlanBuilder.builder()
                .promptsPerStep(8)
                .samplesPerPrompt(4)
                .promptsPerRequest(DERIVED)
                .promptsInFlight(DERIVED)
                .bufferPrompts(DERIVED)
                .onStale(OnStale.WAIT)
                .scorerInstances(1)
                .generation(RetryPolicy.standard())
                .refresh(Duration.ZERO)
                .scoring(RetryPolicy.standard().withDeadline(Duration.ofMinutes(2)))
                .learnerDeadline(Duration.ofHours(1))
                .grace(Duration.ofSeconds(30))
                .heartbeatTimeout(Duration.ofMinutes(2));
    }

    /**
     * The same with a step's prompts in as many requests of about the same size: so many generators may sample them at once. At
     * least one prompt is in each.
     *
     * @param generators 1 or more
     */
    public RolloutPlan dividedAmong(int generators) {
        return RolloutPlanBuilder.builder(this)
                .promptsPerRequest((promptsPerStep + generators - 1) / generators)
                .build();
    }

    /** The same with so much time for a generator to load published weights. */
    public RolloutPlan refreshedWithin(Duration longest) {
        return RolloutPlanBuilder.builder(this).refresh(longest).build();
    }

    private static void atLeast(List<String> problems, String name, int value, int least, String why) {
        if (value < least) {
            problems.add(name + " is " + value + ", legal: " + least + why + " or more");
        }
    }

    private static void positive(List<String> problems, String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            problems.add(name + " is " + value + ", legal: above 0");
        }
    }
}
