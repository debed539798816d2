package ai.preceptor.rollout;

import ai.preceptor.rollout.actor.GenerationEngine;
import java.util.function.LongFunction;

/**
 * What samples, and on how many threads.
 *
 * @param count generators, 1 or more
 * @param supplier makes an engine for each, given the version of the weights that it is to have
 * @param replaceable whether it can make another one in the place of one that failed
 */
record Engines(int count, LongFunction<? extends GenerationEngine> supplier, boolean replaceable) {

    /** One that is there already and cannot be had again. */
    static Engines of(GenerationEngine only) {
        return new Engines(1, version -> only, false);
    }
}
