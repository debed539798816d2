/**
 * The command {@code eval}: students against their baseline, or a reward model on pairs.
 *
 * <p>Takes: its checked configuration. Gives: measures in the run directory, on the terminal and in the report. Leaves to
 * others: measuring one method's answers.
 */
@NullMarked
package ai.preceptor.cli.command.evaluation;

import org.jspecify.annotations.NullMarked;
