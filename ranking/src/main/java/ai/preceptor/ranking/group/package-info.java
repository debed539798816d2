/**
 * Losses of whole groups of ranked answers: RRHF, PRO, listwise losses.
 *
 * <p><b>Takes</b> ranked groups; a preference is a group of two.
 * <b>Gives</b> each {@link ai.preceptor.ranking.group.GroupLoss} as an objective ({@link
 * ai.preceptor.ranking.group.GroupObjective}).
 * <b>Leaves to others</b>: losses that see a group as pairs ({@code ranking.pair}).
 */
@NullMarked
package ai.preceptor.ranking.group;

import org.jspecify.annotations.NullMarked;
