/**
 * Learning directly from preferences and rankings.
 *
 * <p><b>Takes</b> preferences and ranked groups.
 * <b>Gives</b> objectives: DPO and its family, RRHF, PRO.
 * <b>Leaves to others</b>: making the preferences ({@code teacher}) and running the loop ({@code train}).
 */
@NullMarked
package ai.preceptor.ranking;

import org.jspecify.annotations.NullMarked;
