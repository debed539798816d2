/**
 * Learning directly from preferences and rankings.
 *
 * <p><b>Takes</b> preferences, ranked groups and labeled answers.
 * <b>Gives</b> what {@code loss_type} names ({@link ai.preceptor.ranking.RankingSettings}), by what a loss sees at a time:
 * {@code pair}, {@code group}, {@code unpaired}. All three read {@code answer}; {@code online} gives them answers that the model in
 * training samples.
 * <b>Leaves to others</b>: making the preferences ({@code teacher}) and running the loop ({@code train}).
 */
@NullMarked
package ai.preceptor.ranking;

import org.jspecify.annotations.NullMarked;
