/**
 * Learning directly from preferences and rankings.
 *
 * <p><b>Takes</b> preferences, ranked groups and single verdicts.
 * <b>Gives</b> objectives, by what their cores see: pairs ({@link PairLoss}: DPO and its family, CPO, SimPO, ORPO), whole
 * groups ({@link GroupLoss}: RRHF, PRO, listwise losses), verdicts ({@link KtoLoss}: KTO, BCO).
 * <b>Leaves to others</b>: making the preferences ({@code teacher}) and running the loop ({@code train}).
 */
@NullMarked
package ai.preceptor.ranking;

import org.jspecify.annotations.NullMarked;
