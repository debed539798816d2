package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.GenerationEngine;
import java.util.function.LongFunction;

/**
 * The engines that sample, each on a thread of its own; they are closed with the rollouts.
 *
 * @param count generators, 0 or more
 * @param supplier makes each one, given the version of the weights that it must have
 * @param replaceable whether it can replace an engine that failed
 */
public record Engines(int count, LongFunction<? extends GenerationEngine> supplier, boolean replaceable) {
    /** @throws IllegalArgumentException if the count is negative */
    public Engines {
        if (count < 0) {
            throw new IllegalArgumentException("engines: received " + count + ", expected 0 or more");
        }
    }

    /** A single existing engine. If it hangs the run ends, since it cannot be replaced. */
    public static Engines of(GenerationEngine only) {
        return new Engines(1, version -> only, false);
    }

    /**
     * Several engines that sample in parallel, each on a device of its own, so not with {@link
     * ai.preceptor.rollout.actor.DeviceLease#shared}. Their samples do not depend on their number. One that hangs or keeps
     * failing is replaced.
     *
     * @param count 1 or more; 0 where only workers sample
     * @param supplier called on the thread that will use the engine, with the version of the weights that the engine must
     *     have: those of the last publication, even while the learner changes its own
     */
    public static Engines several(int count, LongFunction<? extends GenerationEngine> supplier) {
        return new Engines(count, supplier, true);
    }
}
