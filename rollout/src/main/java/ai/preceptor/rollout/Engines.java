package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.GenerationEngine;
import java.util.function.LongFunction;

/**
 * The engines that sample.
 *
 * @param count generators, 0 or more
 * @param supplier makes each one, given the version of the weights that it must have
 * @param replaceable whether it can replace an engine that failed
 */
record Engines(int count, LongFunction<? extends GenerationEngine> supplier, boolean replaceable) {

    /** A single existing engine that cannot be replaced. */
    static Engines of(GenerationEngine only) {
        return new Engines(1, version -> only, false);
    }
}
