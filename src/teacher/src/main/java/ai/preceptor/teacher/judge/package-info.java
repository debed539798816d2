/**
 * Language models that judge answers.
 *
 * <p><b>Takes</b> a {@link ai.preceptor.teacher.chat.ChatModel}, local or served, and answers. <b>Gives</b> scores and
 * verdicts: by replies ({@link ai.preceptor.teacher.judge.ChatScorer} with a {@link ai.preceptor.teacher.judge.Grading},
 * {@link ai.preceptor.teacher.judge.ChatJudge}, {@link ai.preceptor.teacher.judge.RankScorer}) and by the probabilities of
 * words ({@link ai.preceptor.teacher.judge.ProbabilityJudge}, {@link ai.preceptor.teacher.judge.YesNoScorer}). {@link
 * ai.preceptor.teacher.judge.JudgeSettings} makes one by the name of its {@link ai.preceptor.teacher.judge.TeacherMode}.
 * <b>Leaves to others</b>: what scores and verdicts are used for ({@code teacher.elicit}, {@code rollout}, {@code eval}),
 * and how models are asked ({@code teacher.chat}, {@code teacher.served}).
 */
@NullMarked
package ai.preceptor.teacher.judge;

import org.jspecify.annotations.NullMarked;
