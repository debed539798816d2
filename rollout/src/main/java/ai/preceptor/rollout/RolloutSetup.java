package ai.preceptor.rollout;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.PromptSource;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that rollouts are built from.
 *
 * @param plan sizes, deadlines and retries
 * @param prompts of the run
 * @param encoder gives a prompt's tokens
 * @param engines that sample
 * @param scorers makes a scorer for each actor, on that actor's thread
 * @param lease of the device
 * @param registry of the meters
 * @param firstIndex index of the first prompt
 * @param version of the initial weights
 * @param workers for other processes; null for none
 * @param deadLetters called with every prompt that is set aside, on a thread that may block
 */
record RolloutSetup(
        RolloutPlan plan,
        PromptSource prompts,
        Function<Prompt, int[]> encoder,
        Engines engines,
        Supplier<? extends Scorer> scorers,
        DeviceLease lease,
        MeterRegistry registry,
        long firstIndex,
        long version,
        @Nullable WorkerTerms workers,
        Consumer<DeadLetter> deadLetters) {}
