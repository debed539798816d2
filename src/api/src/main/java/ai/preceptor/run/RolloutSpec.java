package ai.preceptor.run;

import ai.preceptor.data.Scorer;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutSettings;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.worker.WorkerTerms;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.vllm.VllmSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a run samples that learns from its own answers.
 *
 * @param student is trained and samples
 * @param scorer scores the answers; stays its owner's to close
 * @param prompts to answer, in the order that {@code config} asks for
 * @param plan sizes and deadlines, from {@link #plan}
 * @param sampling how tokens are drawn
 * @param generators copies of the student that sample beside it; 0 for the student itself, or for none where workers sample
 * @param config says whether prompts are shuffled, and by which seed
 * @param registry where meters go
 * @param deadLetters file for prompts that could not be answered; null for none
 * @param workers processes that sample too, told where the published weights are; null for none
 * @param recorded what answers in the student's place; null where the student samples
 * @param servers that sample in the student's place; none by default
 */
public record RolloutSpec(
        LoadedModel student,
        Scorer scorer,
        PolicyPrompts prompts,
        RolloutPlan plan,
        SamplingOptions sampling,
        int generators,
        TrainConfig config,
        MeterRegistry registry,
        @Nullable Path deadLetters,
        @Nullable Function<PublishedWeights, WorkerTerms> workers,
        @Nullable RecordedSampling recorded,
        VllmSettings servers) {

    /** Of a sampler that counts its steps: what hangs is found by its heartbeat, and what does not may take long. */
    private static final Duration LONGEST_REQUEST = Duration.ofDays(1);

    /** Of servers, whose steps are not known. */
    private static final Duration LONGEST_OF_SERVERS = Duration.ofHours(1);

    /**
     * The sizes and deadlines of a run.
     *
     * @param prompts that the learner takes between two publications
     * @param answers to each
     * @param seed of every sample
     * @param served whether servers sample
     */
    public static RolloutPlan plan(RolloutSettings settings, int prompts, int answers, long seed, boolean served) {
        return RolloutPlan.builder()
                .promptsPerStep(prompts)
                .samplesPerPrompt(answers)
                .maxStaleness(settings.maxStaleness())
                .onStale(settings.onStale())
                .scorerInstances(settings.scorerInstances())
                .generation(RetryPolicy.standard().withDeadline(served ? LONGEST_OF_SERVERS : LONGEST_REQUEST))
                .scoring(RetryPolicy.standard().withDeadline(settings.scoringDeadline()))
                .learnerDeadline(LONGEST_REQUEST.multipliedBy(2))
                .heartbeatTimeout(settings.silence())
                .seed(seed)
                .build();
    }
}
