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

/** Builds rollouts. Prompts, encoder, engine and scorers are required, everything else has a default. */
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
    private Consumer<DeadLetter> deadLetters = letter -> {};

    RolloutsBuilder(RolloutPlan plan) {
        this.plan = plan;
    }

    /** The run's prompts. */
    public RolloutsBuilder prompts(PromptSource source) {
        prompts = source;
        return this;
    }

    /** Encodes prompts; used by one thread. A prompt that it rejects with an exception is set aside. */
    public RolloutsBuilder encoder(Function<Prompt, int[]> toIds) {
        encoder = toIds;
        return this;
    }

    /** A single engine. Closed with the rollouts. If it hangs the run ends, since it cannot be replaced. */
    public RolloutsBuilder engine(GenerationEngine sampler) {
        engines = Engines.of(sampler);
        return this;
    }

    /**
     * Several engines that sample in parallel, each on a thread and a device of its own, so not with {@link
     * DeviceLease#shared}. Their samples do not depend on their number. One that hangs or keeps failing is replaced.
     *
     * @param count 1 or more; 0 where only workers sample
     * @param supplier called on the thread that will use the engine, with the version of the weights that the engine must
     *     have: those of the last publication, even while the learner changes its own. The engine is closed with the
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
     * A listener for every prompt that is set aside, called in order and on a thread that may block; by default none. An
     * exception from it ends the run.
     */
    public RolloutsBuilder deadLetters(Consumer<DeadLetter> listener) {
        deadLetters = listener;
        return this;
    }

    /**
     * Makes a scorer for each of the plan's instances, and for one that replaces an instance that hangs.
     *
     * @param supplier called on the thread that will use the scorer, so it can bind it to a device; the scorer is closed
     *     with the rollouts, and used by that thread only
     */
    public RolloutsBuilder scorers(Supplier<? extends Scorer> supplier) {
        scorers = supplier;
        return this;
    }

    /** One scorer for all instances, which stays open. With several instances it must be thread-safe. */
    public RolloutsBuilder scorer(Scorer scorer) {
        return scorers(() -> new UnownedScorer(scorer));
    }

    /** Use of the device; by default the learner and the engine share it. */
    public RolloutsBuilder lease(DeviceLease who) {
        lease = who;
        return this;
    }

    /** Registry of the meters; by default a private one. */
    public RolloutsBuilder registry(MeterRegistry meters) {
        registry = meters;
        return this;
    }

    /**
     * Resumes where another run stopped.
     *
     * @param index of the first prompt, see {@link VertxRollouts#cursor}
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
     * Starts the actors. Sampling starts with the learner's first {@code next}, or at once if the engine has a device of
     * its own.
     *
     * @throws IllegalStateException if something required is missing
     * @throws RuntimeException what an engine or a supplier threw when it was started
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
                deadLetters));
    }

    private static <T> T needed(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("rollouts: " + name + " not given");
        }
        return value;
    }
}
