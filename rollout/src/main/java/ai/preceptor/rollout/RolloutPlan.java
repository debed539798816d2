package ai.preceptor.rollout;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.rollout.actor.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How completions are sampled, scored and buffered for the learner. {@link #builder} holds the defaults.
 *
 * @param promptsPerStep prompts that the learner takes between two publications of its weights, 1 or more
 * @param samplesPerPrompt completions per prompt, 1 or more
 * @param promptsPerRequest prompts per request to a generator, 1 or more
 * @param promptsInFlight most prompts between the feeder and the buffer, at least {@code promptsPerRequest}
 * @param bufferPrompts most prompts that were admitted and not yet taken by the learner, in flight or scored; at least
 *     {@code promptsInFlight}, and with {@link OnStale#WAIT} at least {@code promptsPerStep * (maxStaleness + 1)}
 * @param maxStaleness most publications between the policy that sampled a completion and the one that learns
 *     from it; 0 is strictly on-policy
 * @param onStale how {@code maxStaleness} is enforced
 * @param scorerInstances scorers that run in parallel, 1 or more
 * @param generation deadline and retries of generation
 * @param scoring deadline and retries of scoring
 * @param learnerDeadline longest time that the learner waits in {@code next} or {@code publish}, above 0
 * @param grace longest time for an actor to stop after an interrupt, above 0
 * @param heartbeatTimeout longest time that an actor which counts its steps may work without making one, above 0. Must exceed the
 *     longest step: the prefill of the longest prompt, or a pass of a model that scores
 * @param seed of every sample
 */
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
        RetryPolicy scoring,
        Duration learnerDeadline,
        Duration grace,
        Duration heartbeatTimeout,
        long seed) {

    /** @throws ConfigurationException when values are out of their range; the message lists all that are */
    public RolloutPlan {
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
        problems.addAll(scoring.problems("scoring"));
        positive(problems, "learner_deadline", learnerDeadline);
        positive(problems, "grace", grace);
        positive(problems, "heartbeat_timeout", heartbeatTimeout);
        if (!problems.isEmpty()) {
            throw new ConfigurationException("rollout: " + String.join("; ", problems));
        }
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
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

    /** Builds a plan from the defaults. */
    public static final class Builder {
        /** Stands for a size that is derived from the others. */
        private static final int FROM_OTHERS = Integer.MIN_VALUE;

        private int promptsPerStep = 8;
        private int samplesPerPrompt = 4;
        private int promptsPerRequest = FROM_OTHERS;
        private int promptsInFlight = FROM_OTHERS;
        private int bufferPrompts = FROM_OTHERS;
        private int maxStaleness;
        private OnStale onStale = OnStale.WAIT;
        private int scorerInstances = 1;
        private RetryPolicy generation = RetryPolicy.standard();
        private RetryPolicy scoring = RetryPolicy.standard().withDeadline(Duration.ofMinutes(2));
        private Duration learnerDeadline = Duration.ofHours(1);
        private Duration grace = Duration.ofSeconds(30);
        private Duration heartbeatTimeout = Duration.ofMinutes(2);
        private long seed;

        private Builder() {}

        /** Default 8. */
        public Builder promptsPerStep(int prompts) {
            promptsPerStep = prompts;
            return this;
        }

        /** Default 4. */
        public Builder samplesPerPrompt(int samples) {
            samplesPerPrompt = samples;
            return this;
        }

        /** Default: as many as the learner takes a step. */
        public Builder promptsPerRequest(int prompts) {
            promptsPerRequest = prompts;
            return this;
        }

        /** Default: as many as the buffer holds. */
        public Builder promptsInFlight(int prompts) {
            promptsInFlight = prompts;
            return this;
        }

        /** Default: {@code promptsPerStep * (maxStaleness + 1)}, or one request if that is more. */
        public Builder bufferPrompts(int prompts) {
            bufferPrompts = prompts;
            return this;
        }

        /** Default 0. */
        public Builder maxStaleness(int publications) {
            maxStaleness = publications;
            return this;
        }

        /** Default {@link OnStale#WAIT}. */
        public Builder onStale(OnStale choice) {
            onStale = choice;
            return this;
        }

        /** Default 1. */
        public Builder scorerInstances(int instances) {
            scorerInstances = instances;
            return this;
        }

        /** Default {@link RetryPolicy#standard}. */
        public Builder generation(RetryPolicy policy) {
            generation = policy;
            return this;
        }

        /** Default {@link RetryPolicy#standard} with a deadline of two minutes. */
        public Builder scoring(RetryPolicy policy) {
            scoring = policy;
            return this;
        }

        /** Default one hour. */
        public Builder learnerDeadline(Duration longest) {
            learnerDeadline = longest;
            return this;
        }

        /** Default 30 seconds. */
        public Builder grace(Duration longest) {
            grace = longest;
            return this;
        }

        /** Default two minutes. */
        public Builder heartbeatTimeout(Duration longest) {
            heartbeatTimeout = longest;
            return this;
        }

        /** Default 0. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** @throws ConfigurationException when values are out of their range */
        public RolloutPlan build() {
            int request = promptsPerRequest == FROM_OTHERS ? promptsPerStep : promptsPerRequest;
            long needed = Math.max((long) promptsPerStep * (maxStaleness + 1L), request);
            int buffer = bufferPrompts == FROM_OTHERS ? (int) Math.min(Integer.MAX_VALUE, needed) : bufferPrompts;
            return new RolloutPlan(
                    promptsPerStep,
                    samplesPerPrompt,
                    request,
                    promptsInFlight == FROM_OTHERS ? buffer : promptsInFlight,
                    buffer,
                    maxStaleness,
                    onStale,
                    scorerInstances,
                    generation,
                    scoring,
                    learnerDeadline,
                    grace,
                    heartbeatTimeout,
                    seed);
        }
    }
}
