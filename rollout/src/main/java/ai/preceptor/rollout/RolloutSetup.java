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
 * Everything that rollouts are made of.
 *
 * @param plan how
 * @param prompts what is asked
 * @param encoder its tokens
 * @param engines what samples
 * @param scorers makes a scorer for each actor, on that actor's thread
 * @param lease who may use the device when
 * @param registry where meters go
 * @param firstIndex place of the first prompt
 * @param version of the first weights
 * @param workers what other processes are offered; null to have none
 * @param letters hears of every prompt that is set aside, on a thread where it may take its time
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
        Consumer<DeadLetter> letters) {}
