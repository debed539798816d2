/**
 * Rules that score an answer without a model.
 *
 * <p><b>Takes</b> an answer with its prompt and the columns of the prompt's row.
 * <b>Gives</b> a number, higher is better; {@link ai.preceptor.teacher.RuleScorer} makes a scorer of one.
 * <b>Leaves to others</b>: names in a configuration ({@code cli}).
 */
@NullMarked
package ai.preceptor.teacher.rule;

import org.jspecify.annotations.NullMarked;
