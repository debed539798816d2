/**
 * Measures students that answer prompts.
 *
 * <p>Takes: prompts, students, and who judges their answers. Gives: {@link ai.preceptor.evaluation.MethodMeasures} of each
 * student, all by the same prompts, seeds, baseline and judges. Leaves to others: the arithmetic, which is in {@link
 * ai.preceptor.eval}, and printing.
 */
@NullMarked
package ai.preceptor.evaluation;

import org.jspecify.annotations.NullMarked;
