package ai.preceptor.rollout;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.PromptSource;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that rollouts are built from. Prompts, encoder, engines and scorers are required, everything else has a default.
 *
 * @param plan sizes, deadlines and retries
 * @param prompts of the run
 * @param encoder gives a prompt's tokens; used by one thread. A prompt that it rejects with an exception is set aside
 * @param engines that sample
 * @param scorers makes a scorer for each of the plan's instances, and for one that replaces an instance that hangs. Called on
 *     the thread that will use the scorer, so it can bind it to a device; the scorer is closed with the rollouts, and used by
 *     that thread only. One that all instances share, or that stays open: {@link ai.preceptor.data.UnownedScorer}
 * @param lease of the device; by default the learner and the engine share it
 * @param registry of the meters; by default a private one
 * @param firstIndex index of the first prompt, where a run is resumed see {@link VertxRollouts#cursor}; by default 0
 * @param version of the initial weights; by default 0
 * @param workers for processes on this or other machines that sample, and score, for this run: {@link
 *     ai.preceptor.rollout.worker.WorkerNode}. They may come and go at any time; what one had begun when it went is done by
 *     another. Not with {@link DeviceLease#shared}; null, the default, for none
 * @param deadLetters called with every prompt that is set aside, in order and on a thread that may block; by default none. An
 *     exception from it ends the run
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false)
public record RolloutSetup(
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
        Consumer<DeadLetter> deadLetters) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if the index or the version is negative
     * @throws IllegalStateException if something required is missing, or does not go with the rest
     */
    public RolloutSetup {
        require("engine", engines);
        require("prompts", prompts);
        require("encoder", encoder);
        require("scorers", scorers);
        if (firstIndex < 0 || version < 0) {
            throw new IllegalArgumentException(
                    "from: received index " + firstIndex + " and version " + version + ", expected 0 or more");
        }
        if (lease.isShared() && engines.replaceable()) {
            throw new IllegalStateException("rollouts: " + engines.count()
                    + " engines from a supplier on a device that is shared with the learner, expected a separate one");
        }
        if (workers == null && engines.count() == 0) {
            throw new IllegalStateException("rollouts: no engine and no workers");
        }
        if (workers != null && lease.isShared()) {
            throw new IllegalStateException("rollouts: workers with a device that is shared with the learner");
        }
    }

    private static void require(String name, @Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("rollouts: " + name + " not given");
        }
    }

    /**
     * Starts the actors. Sampling starts with the learner's first {@code next}, or at once if the engine has a device of its
     * own.
     *
     * @throws RuntimeException what an engine or a supplier threw when it was started
     */
    public VertxRollouts start() {
        return VertxRollouts.start(this);
    }

    static RolloutSetupBuilder builder(RolloutPlan plan) {
        return RolloutSetupBuilder.builder()
                .plan(plan)
                .lease(DeviceLease.shared())
                .registry(new SimpleMeterRegistry())
                .deadLetters(letter -> {});
    }
}
