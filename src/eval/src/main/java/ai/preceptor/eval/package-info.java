/**
 * Measures a student.
 *
 * <p><b>Takes</b> sampled answers, and interfaces of their judges: an {@link ai.preceptor.eval.Arbiter}, a {@link
 * ai.preceptor.data.Scorer}, models as {@link ai.preceptor.eval.SequenceLogprobs}.
 * <b>Gives</b> a report: win rate, accuracy, divergence from the reference, each with its estimator.
 * <b>Leaves to others</b>: sampling, judging, changing the student.
 *
 * <p>{@link ai.preceptor.eval.Evaluation} measures every method the same way and gives an {@link
 * ai.preceptor.eval.EvalReport} each. All else here is arithmetic on numbers.
 */
@NullMarked
package ai.preceptor.eval;

import org.jspecify.annotations.NullMarked;
