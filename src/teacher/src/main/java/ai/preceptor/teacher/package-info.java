/**
 * Teachers: who prefers what, and how they are asked.
 *
 * <p><b>Takes</b> prompts and candidate answers.
 * <b>Gives</b> scores and preferences, each traceable to the call that made it.
 * <b>Leaves to others</b>: learning from them ({@code reward}, {@code ranking}).
 *
 * <p>A teacher is a {@link ai.preceptor.data.Scorer} of single answers ({@link ai.preceptor.teacher.LikelihoodScorer}, {@link
 * ai.preceptor.teacher.RuleScorer}, {@link ai.preceptor.teacher.MixedScorer}) or a {@link ai.preceptor.teacher.Judge} of two;
 * {@link ai.preceptor.teacher.ScorerJudge} makes a judge of a scorer, {@link ai.preceptor.teacher.TournamentScorer} a scorer
 * of a judge. Teachers behind a server are in {@code teacher.served}. {@link
 * ai.preceptor.teacher.elicit.PreferenceElicitor} asks one and keeps what it said.
 */
@NullMarked
package ai.preceptor.teacher;

import org.jspecify.annotations.NullMarked;
