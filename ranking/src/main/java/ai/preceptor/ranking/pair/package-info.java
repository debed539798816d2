/**
 * Losses of pairs: DPO and its family, CPO, SimPO, ORPO.
 *
 * <p><b>Takes</b> preferences, or ranked groups, whose strictly ordered pairs are used.
 * <b>Gives</b> each {@link ai.preceptor.ranking.pair.PairLoss} as an objective ({@link
 * ai.preceptor.ranking.pair.PairObjective}).
 * <b>Leaves to others</b>: losses of whole groups ({@code ranking.group}) and of single answers ({@code
 * ranking.unpaired}).
 */
@NullMarked
package ai.preceptor.ranking.pair;

import org.jspecify.annotations.NullMarked;
