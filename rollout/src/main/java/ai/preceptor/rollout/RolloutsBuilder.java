package ai.preceptor.rollout;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.UnownedScorer;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.actor.PromptSource;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.worker.WorkerTerms;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what rollouts are made of. Prompts, encoder, engine and scorers are needed, all else has a default. */
public final class RolloutsBuilder {
    private final RolloutPlan plan;
    private @Nullable PromptSource prompts;
    private @Nullable Function<Prompt, int[]> encoder;
    private @Nullable Engines engines;
    private @Nullable Supplier<? extends Scorer> scorers;
    private DeviceLease lease = DeviceLease.shared();
    private MeterRegistry registry = new SimpleMeterRegistry();
    private long firstIndex;
    private long version;
    private @Nullable WorkerTerms workers;
    private Consumer<DeadLetter> letters = letter -> {};

    RolloutsBuilder(RolloutPlan plan) {
        this.plan = plan;
    }

    /** What is asked. */
    public RolloutsBuilder prompts(PromptSource source) {
        prompts = source;
        return this;
    }

    /** How a prompt becomes tokens; used by one thread. A prompt that it refuses is set aside. */
    public RolloutsBuilder encoder(Function<Prompt, int[]> toIds) {
        encoder = toIds;
        return this;
    }

    /** What samples, alone. Closed with the rollouts. One that hangs ends the run, since there is no other. */
    public RolloutsBuilder engine(GenerationEngine sampler) {
        engines = Engines.of(sampler);
        return this;
    }

    /**
     * Several engines that sample side by side, each on a thread and a device of its own, so not with {@link
     * DeviceLease#shared}. What they sample does not depend on how many they are. One that hangs or fails again and again
     * is replaced.
     *
     * @param count 1 or more; 0 where only workers sample
     * @param supplier called on the thread that will use the engine, with the version of the weights that the engine must
     *     have: those of the last publication, also while the learner changes its own. What it gives is closed with the
     *     rollouts
     * @throws IllegalArgumentException if the count is negative
     */
    public RolloutsBuilder engines(int count, LongFunction<? extends GenerationEngine> supplier) {
        if (count < 0) {
            throw new IllegalArgumentException("engines: received " + count + ", expected 0 or more");
        }
        engines = new Engines(count, supplier, true);
        return this;
    }

    /**
     * Processes on this or other machines that sample, and score, for this run: {@link ai.preceptor.rollout.worker.WorkerNode}. They may come and go at
     * any time; what one had begun when it went is done by another. Not with {@link DeviceLease#shared}.
     */
    public RolloutsBuilder workers(WorkerTerms terms) {
        workers = terms;
        return this;
    }

    /**
     * Hears of every prompt that is set aside, in turn and on a thread where it may write to a file; by default nobody.
     * What it throws ends the run.
     */
    public RolloutsBuilder deadLetters(Consumer<DeadLetter> listener) {
        letters = listener;
        return this;
    }

    /**
     * Makes a scorer for each of the plan's instances, and for one that replaces an instance that hangs.
     *
     * @param supplier called on the thread that will use the scorer, so the place to bind it to a device; what it gives is
     *     closed with the rollouts, and used by that thread only
     */
    public RolloutsBuilder scorers(Supplier<? extends Scorer> supplier) {
        scorers = supplier;
        return this;
    }

    /** One scorer for all instances, which stays open. With several instances it must stand several threads at once. */
    public RolloutsBuilder scorer(Scorer scorer) {
        return scorers(() -> new UnownedScorer(scorer));
    }

    /** Who may use the device when; by default the learner and the engine share it. */
    public RolloutsBuilder lease(DeviceLease who) {
        lease = who;
        return this;
    }

    /** Where meters go; by default nobody sees them. */
    public RolloutsBuilder registry(MeterRegistry meters) {
        registry = meters;
        return this;
    }

    /**
     * Goes on where another run stopped.
     *
     * @param index place of the first prompt, see {@link VertxRollouts#cursor}
     * @param policyVersion version of the weights
     * @throws IllegalArgumentException if one is negative
     */
    public RolloutsBuilder from(long index, long policyVersion) {
        if (index < 0 || policyVersion < 0) {
            throw new IllegalArgumentException(
                    "from: received index " + index + " and version " + policyVersion + ", expected 0 or more");
        }
        firstIndex = index;
        version = policyVersion;
        return this;
    }

    /**
     * Starts the actors. Sampling begins with the learner's first {@code next}, or at once if the engine has a device of
     * its own.
     *
     * @throws IllegalStateException if something that is needed was not given
     * @throws RuntimeException what an engine or a supplier of scorers threw when it was started
     */
    public VertxRollouts start() {
        Engines sampling = needed("engine", engines);
        if (lease.isShared() && sampling.replaceable()) {
            throw new IllegalStateException("rollouts: " + sampling.count()
                    + " engines from a supplier on a device that is shared with the learner, expected a separate one");
        }
        if (workers == null && sampling.count() == 0) {
            throw new IllegalStateException("rollouts: no engine and no workers");
        }
        if (workers != null && lease.isShared()) {
            throw new IllegalStateException("rollouts: workers beside a device that is shared with the learner");
        }
        return VertxRollouts.start(new RolloutSetup(
                plan,
                needed("prompts", prompts),
                needed("encoder", encoder),
                sampling,
                needed("scorers", scorers),
                lease,
                registry,
                firstIndex,
                version,
                workers,
                letters));
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("rollouts: " + name + " not given");
        }
        return value;
    }
}
