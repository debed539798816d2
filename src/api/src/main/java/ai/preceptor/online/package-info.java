/**
 * Preferences learnt online: {@link ai.preceptor.Student#rankOnline}.
 *
 * <p><b>Takes</b> prompts, a scorer and any method of {@code ranking}. <b>Gives</b> a student that learnt from its own answers.
 * <b>Leaves to others</b>: the sampling ({@code run}, {@code rollout}) and the losses ({@code ranking}).
 */
@NullMarked
package ai.preceptor.online;

import org.jspecify.annotations.NullMarked;
