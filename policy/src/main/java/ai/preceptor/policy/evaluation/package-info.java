/**
 * Evaluation during a run.
 *
 * <p><b>Takes</b> keys. <b>Gives</b> when held-out prompts are answered, and the interface of what answers them.
 * <b>Leaves to others</b>: measuring ({@code policy}), sampling and scoring.
 */
@NullMarked
package ai.preceptor.policy.evaluation;

import org.jspecify.annotations.NullMarked;
