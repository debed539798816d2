/**
 * On-policy distillation inside policy optimization: what a teacher's log-probabilities of the sampled tokens add to their
 * advantages.
 *
 * <p><b>Takes</b> log-probabilities of the policy and of the teacher by token. <b>Gives</b> terms of advantages, and metrics.
 * <b>Leaves to others</b>: the teacher ({@code teacher}), advantages from rewards ({@code credit}).
 */
@NullMarked
package ai.preceptor.policy.opd;

import org.jspecify.annotations.NullMarked;
