/**
 * Losses of single answers that are labeled desirable or undesirable: KTO, BCO, unpaired APO.
 *
 * <p><b>Takes</b> labeled completions, each with the answer of another row.
 * <b>Gives</b> each {@link ai.preceptor.ranking.unpaired.UnpairedLoss} as an objective ({@link
 * ai.preceptor.ranking.unpaired.UnpairedObjective}).
 * <b>Leaves to others</b>: losses that compare answers to one prompt ({@code ranking.pair}, {@code ranking.group}).
 */
@NullMarked
package ai.preceptor.ranking.unpaired;

import org.jspecify.annotations.NullMarked;
