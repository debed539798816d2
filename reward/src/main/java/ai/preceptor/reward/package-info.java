/**
 * The distilled reward model.
 *
 * <p><b>Takes</b> preferences.
 * <b>Gives</b> a model that scores an answer, usable wherever a scorer is asked for.
 * <b>Leaves to others</b>: optimizing a policy against it ({@code policy}).
 */
@NullMarked
package ai.preceptor.reward;

import org.jspecify.annotations.NullMarked;
